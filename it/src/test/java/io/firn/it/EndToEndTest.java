package io.firn.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.firn.it.check.LakeCheck;
import io.firn.it.fault.Fault;
import io.firn.it.oracle.BackgroundLoad;
import io.firn.it.oracle.ShopWorkload;
import io.firn.it.process.FirnProcess;
import io.firn.it.process.Pipeline;
import io.firn.it.spark.SparkReader;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The main job: a snapshot, then changes of every kind with two schema changes, while Firn runs and
 * while it does not. Sizes by {@code firn.it.rows} and {@code firn.it.changes}.
 */
class EndToEndTest {
  private static final int ROWS = Integer.getInteger("firn.it.rows", 60_000);
  private static final int CHANGES = Integer.getInteger("firn.it.changes", 30_000);
  private static final int LIMIT_SECONDS = 120 + (ROWS + CHANGES) / 2_000;

  @ParameterizedTest
  @ValueSource(strings = {"3", "2"})
  @Tag("slow")
  void theLakeEqualsTheSourceForIcebergAndForSpark(String format) throws Exception {
    Source.Shop shop = Source.shop("end-to-end-v" + format, ROWS);
    ShopWorkload workload = shop.workload();
    Pipeline pipeline =
        shop.pipeline()
            .tableProperty("format-version", format)
            .sinkSetting("compaction.min-input-files", "2");
    String file = pipeline.write().toString();
    FirnProcess.Options options = FirnProcess.Options.of(pipeline);

    drain(options, file);
    LakeCheck.assertMirrors(pipeline);

    int checkpoints = LakeCheck.checkpoints(pipeline, "orders");
    try (FirnProcess running = FirnProcess.start(options, "run", file)) {
      try (BackgroundLoad load = workload.background(1, 2_000)) {
        assertThat(
                running.await(
                    () -> LakeCheck.checkpoints(pipeline, "orders") > checkpoints, LIMIT_SECONDS))
            .as(running.output())
            .isTrue();
        workload.change(CHANGES / 4);
        // Format 2 cannot say that rows written before have the default; the sink refuses that.
        workload.addColumn(format.equals("3") ? "INT NOT NULL DEFAULT 7" : "INT");
        workload.change(CHANGES / 4);
        assertThat(load.changes()).isPositive();
        Firn.reached(Fault.DDL_WHILE_RUNNING);
      }
      workload.renameColumn();
      workload.giantTransaction(Math.min(100_000, CHANGES));
      running.terminate();
      running.expectExit(0, LIMIT_SECONDS);
    }
    workload.change(CHANGES / 4);

    drain(options, file);
    FirnProcess.start(options, "maintain", file).expectExit(0, LIMIT_SECONDS);
    assertThat(LakeCheck.compactions(pipeline, "orders")).isPositive();
    LakeCheck.Result lake = LakeCheck.assertMirrors(pipeline);
    FirnProcess.start(options, "verify", file).expectExit(0, LIMIT_SECONDS);
    assertThat(SparkReader.read(lake.metadata(), pipeline.directory().resolve("spark")))
        .isEqualTo(lake.hashes());
    assertThat(lake.leftovers()).isZero();
  }

  private static void drain(FirnProcess.Options options, String file) {
    long start = System.nanoTime();
    FirnProcess.start(options, "run", file, "--until-caught-up").expectExit(0, LIMIT_SECONDS);
    System.err.println(Map.of("drained", file, "millis", (System.nanoTime() - start) / 1_000_000));
  }
}
