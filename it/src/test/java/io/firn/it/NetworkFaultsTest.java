package io.firn.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.firn.it.check.LakeCheck;
import io.firn.it.fault.Fault;
import io.firn.it.oracle.BackgroundLoad;
import io.firn.it.process.FirnProcess;
import io.firn.it.process.Pipeline;
import io.firn.testservers.MySqlServer;
import io.firn.testservers.TcpProxy;
import java.time.Duration;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The network between the source and Firn is cut, goes silent, and is slow, during one run. */
@Tag("slow")
class NetworkFaultsTest {
  private static final int CUTS = 4;

  @Test
  void theServersRestartIsSurvived() throws Exception {
    try (MySqlServer server = MySqlServer.start()) {
      Source.Shop shop = Source.shop("restart", 1_000, server);
      Pipeline pipeline = shop.pipeline().setting("checkpoint.interval", "300ms");
      try (FirnProcess process = Firn.start(pipeline)) {
        Firn.awaitCheckpoints(process, pipeline, 1);
        shop.workload().change(200);
        server.restart();
        Firn.reached(Fault.SERVER_RESTARTED);
        shop.workload().change(200);
        Firn.awaitCheckpoints(process, pipeline, 1);
        Firn.stop(process);
      }
      Firn.catchUp(pipeline);
      LakeCheck.assertMirrors(pipeline);
    }
  }

  @Test
  void whateverTheNetworkDoesTheSameProcessEndsExact() throws Exception {
    Source.Shop shop = Source.shop("network", 20_000);
    SplittableRandom random = new SplittableRandom(Source.seed());
    try (TcpProxy proxy = TcpProxy.to(Source.server())) {
      Pipeline pipeline =
          shop.pipeline().port(proxy.port()).setting("checkpoint.interval", "300ms");
      String yaml =
          pipeline
              .yaml()
              .replace(
                  "  tables:", "  connect.timeout: 2s\n  heartbeat.interval: 200ms\n  tables:");
      String file = pipeline.write(yaml).toString();
      // In the snapshot, which starts again.
      proxy.cutAfter(random.nextLong(200_000, 600_000));
      try (FirnProcess process = FirnProcess.start(FirnProcess.Options.of(pipeline), "run", file)) {
        try (BackgroundLoad load = shop.workload().background(1, 500)) {
          Firn.awaitCheckpoints(process, pipeline, 3);
          for (int cut = 0; cut < CUTS; cut++) {
            int before = proxy.accepted();
            proxy.cutAfter(random.nextLong(1, 100_000));
            assertThat(process.await(() -> proxy.accepted() > before, Firn.LIMIT_SECONDS))
                .as("connected again\n" + process.output())
                .isTrue();
            Firn.reached(Fault.NETWORK_CUT);
            Firn.awaitCheckpoints(process, pipeline, 2);
          }
          int before = proxy.accepted();
          long start = System.nanoTime();
          proxy.stall();
          assertThat(process.await(() -> proxy.accepted() > before, Firn.LIMIT_SECONDS))
              .as("given up\n" + process.output())
              .isTrue();
          assertThat(Duration.ofNanos(System.nanoTime() - start))
              .isLessThan(Duration.ofSeconds(60));
          Firn.reached(Fault.NETWORK_SILENT);
          proxy.heal();
          Firn.awaitCheckpoints(process, pipeline, 2);
          proxy.delay(Duration.ofMillis(200));
          Firn.awaitCheckpoints(process, pipeline, 2);
          Firn.reached(Fault.NETWORK_SLOW);
          proxy.heal();
          assertThat(load.changes()).isPositive();
        }
        Firn.stop(process);
      }
      FirnProcess.start(FirnProcess.Options.of(pipeline), "run", file, "--until-caught-up")
          .expectExit(0, Firn.LIMIT_SECONDS);
      LakeCheck.assertMirrors(pipeline);
    }
  }
}
