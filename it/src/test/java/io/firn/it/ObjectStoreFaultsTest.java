package io.firn.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.firn.it.check.LakeCheck;
import io.firn.it.fault.Fault;
import io.firn.it.oracle.BackgroundLoad;
import io.firn.it.process.FirnProcess;
import io.firn.it.process.Pipeline;
import io.firn.testservers.HttpFaultProxy;
import io.firn.testservers.HttpFaultProxy.Outcome;
import io.firn.testservers.S3Server;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** An object store that fails, below the tables and the checkpoints. */
@Tag("slow")
class ObjectStoreFaultsTest {
  private static final Outcome[] FAILURES = {
    Outcome.SERVER_ERROR,
    Outcome.SLOW_DOWN,
    Outcome.RESET,
    Outcome.ANSWER_LOST,
    Outcome.RESET_IN_ANSWER
  };
  private static final Map<Outcome, Fault> FAULTS =
      Map.of(
          Outcome.SERVER_ERROR, Fault.STORE_SERVER_ERROR,
          Outcome.SLOW_DOWN, Fault.STORE_SLOW_DOWN,
          Outcome.RESET, Fault.STORE_RESET,
          Outcome.ANSWER_LOST, Fault.STORE_ANSWER_LOST,
          Outcome.RESET_IN_ANSWER, Fault.STORE_RESET_IN_ANSWER,
          Outcome.SILENT, Fault.STORE_SILENT);

  @Test
  void withOneRequestInTwentyFailingTheLakeIsExactAndNothingLeaks() throws Exception {
    try (S3Server storage = S3Server.start();
        HttpFaultProxy proxy = new HttpFaultProxy(storage.endpoint())) {
      String bucket = storage.createBucket("faults");
      Source.Shop shop = Source.shop("store", 2_000);
      Pipeline pipeline = shop.pipeline().setting("checkpoint.interval", "500ms");
      for (Map.Entry<String, String> property : storage.catalogProperties().entrySet()) {
        pipeline = pipeline.catalogProperty(property.getKey(), property.getValue());
      }
      pipeline =
          pipeline
              .catalogProperty("s3.endpoint", proxy.uri().toString())
              .catalogProperty("http-client.apache.socket-timeout-ms", "3000")
              .catalogProperty("warehouse", bucket + "/warehouse")
              .setting("checkpoint.directory", bucket + "/checkpoints")
              .partitionedBy("month(created_at)");
      run(shop, pipeline, proxy);
      proxy.heal();
      shop.workload().change(200);
      Firn.catchUp(pipeline);
      LakeCheck.assertMirrors(pipeline);
    }
  }

  private static void run(Source.Shop shop, Pipeline pipeline, HttpFaultProxy proxy)
      throws Exception {
    SplittableRandom random = new SplittableRandom(Source.seed());
    AtomicBoolean silent = new AtomicBoolean();
    AtomicInteger failures = new AtomicInteger();
    HttpFaultProxy.Rule oneInTwenty =
        (method, path) -> {
          if (silent.compareAndSet(true, false)) {
            return Outcome.SILENT;
          }
          synchronized (random) {
            // One after the other, so that a short run reaches them all.
            return random.nextInt(20) == 0
                ? FAILURES[failures.getAndIncrement() % FAILURES.length]
                : Outcome.PASSED;
          }
        };
    proxy.use(oneInTwenty);
    try (FirnProcess process = Firn.start(pipeline)) {
      try (BackgroundLoad load = shop.workload().background(1, 300)) {
        Firn.awaitCheckpoints(process, pipeline, 2);
        int threads = process.threadCount();
        int files = process.openFiles();
        silent.set(true);
        Firn.awaitCheckpoints(process, pipeline, 2);
        // Nothing at all works for a while.
        proxy.use((method, path) -> Outcome.SLOW_DOWN);
        Thread.sleep(3_000);
        proxy.use(oneInTwenty);
        Firn.awaitCheckpoints(process, pipeline, 2);
        assertThat(process.threadCount()).as("threads, first " + threads).isLessThan(threads + 20);
        assertThat(process.openFiles()).as("open files, first " + files).isLessThan(files + 40);
        assertThat(load.changes()).isPositive();
      }
      proxy.heal();
      Firn.stop(process);
    }
    FAULTS.forEach(
        (outcome, fault) -> {
          assertThat(proxy.count(outcome)).as(outcome.name()).isPositive();
          Firn.reached(fault);
        });
  }
}
