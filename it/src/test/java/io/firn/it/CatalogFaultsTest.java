package io.firn.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.firn.it.check.LakeCheck;
import io.firn.it.fault.Fault;
import io.firn.it.oracle.BackgroundLoad;
import io.firn.it.process.FirnProcess;
import io.firn.it.process.Pipeline;
import io.firn.testservers.HttpFaultProxy;
import io.firn.testservers.HttpFaultProxy.Outcome;
import io.firn.testservers.RestCatalogServer;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A REST catalog between which and Firn commits, or their answers, get lost. */
@Tag("slow")
class CatalogFaultsTest {
  private static final List<Outcome> FAILURES =
      List.of(Outcome.ANSWER_LOST, Outcome.RESET, Outcome.SERVER_ERROR);

  @Test
  void aCommitWhoseAnswerIsLostHappensOnce() throws Exception {
    try (RestCatalogServer rest = RestCatalogServer.start();
        HttpFaultProxy proxy = new HttpFaultProxy(rest.uri())) {
      Source.Shop shop = Source.shop("unknown", 1_000);
      Pipeline pipeline =
          shop.pipeline()
              .setting("checkpoint.interval", "300ms")
              .catalogProperty("type", "rest")
              .catalogProperty("uri", proxy.uri().toString())
              .catalogProperty("warehouse", rest.warehouse());
      AtomicInteger commits = new AtomicInteger();
      try (FirnProcess process = Firn.start(pipeline)) {
        try (BackgroundLoad load = shop.workload().background(1, 300)) {
          Firn.awaitCheckpoints(process, pipeline, 2);
          proxy.use(
              (method, path) ->
                  isCommit(method, path)
                      ? everySecondFails(commits.getAndIncrement())
                      : Outcome.PASSED);
          Firn.awaitCheckpoints(process, pipeline, 6);
          assertThat(load.changes()).isPositive();
        }
        proxy.heal();
        Firn.stop(process);
      }
      assertThat(proxy.count(Outcome.ANSWER_LOST)).isPositive();
      Firn.reached(Fault.COMMIT_ANSWER_LOST);
      assertThat(proxy.count(Outcome.RESET)).isPositive();
      Firn.reached(Fault.COMMIT_LOST);
      Firn.catchUp(pipeline);
      LakeCheck.assertMirrors(pipeline);
    }
  }

  private static boolean isCommit(String method, String path) {
    return method.equals("POST")
        && (path.contains("/tables/") || path.endsWith("/transactions/commit"));
  }

  /** One kind of failure after the other, so that a short run reaches them all. */
  private static Outcome everySecondFails(int commit) {
    return commit % 2 == 0 ? FAILURES.get(commit / 2 % FAILURES.size()) : Outcome.PASSED;
  }
}
