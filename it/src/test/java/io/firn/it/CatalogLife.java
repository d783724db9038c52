package io.firn.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.firn.it.check.LakeCheck;
import io.firn.it.oracle.BackgroundLoad;
import io.firn.it.process.FirnProcess;
import io.firn.it.process.Pipeline;
import java.util.Map;

/**
 * What a pipeline goes through with each catalog and storage: snapshot, changes, a kill under load,
 * a second instance that takes over, schema changes; and the lake equals the source.
 */
final class CatalogLife {
  /** For what hangs; a busy machine may take its time. */
  private static final int LIMIT_SECONDS = 600;

  private static final int FENCED = 4;

  private CatalogLife() {}

  /** The pipeline with other catalog properties; null removes one. */
  static Pipeline with(Pipeline pipeline, Map<String, String> properties) {
    Pipeline changed = pipeline;
    for (Map.Entry<String, String> entry : properties.entrySet()) {
      changed = changed.catalogProperty(entry.getKey(), entry.getValue());
    }
    return changed;
  }

  /**
   * The pipeline's life.
   *
   * @param outage happens while Firn is running
   */
  static void liveThrough(Source.Shop shop, Pipeline pipeline, Runnable outage) throws Exception {
    String file = pipeline.write().toString();
    FirnProcess.Options options = FirnProcess.Options.of(pipeline);
    drain(options, file);
    LakeCheck.assertMirrors(pipeline);
    int first = LakeCheck.checkpoints(pipeline, "orders");
    try (BackgroundLoad load = shop.workload().background(1, 500)) {
      try (FirnProcess killed = FirnProcess.start(options, "run", file)) {
        awaitCheckpoints(killed, pipeline, first + 2);
        killed.kill();
      }
      try (FirnProcess older = FirnProcess.start(options, "run", file)) {
        awaitCheckpoints(older, pipeline, first + 4);
        outage.run();
        awaitCheckpoints(older, pipeline, LakeCheck.checkpoints(pipeline, "orders") + 2);
        try (FirnProcess newer = FirnProcess.start(options, "run", file)) {
          older.expectExit(FENCED, LIMIT_SECONDS);
          awaitCheckpoints(newer, pipeline, LakeCheck.checkpoints(pipeline, "orders") + 1);
          newer.terminate();
          newer.expectExit(0, LIMIT_SECONDS);
        }
      }
      assertThat(load.changes()).isPositive();
    }
    shop.workload().addColumn();
    shop.workload().change(200);
    drain(options, file);
    LakeCheck.assertMirrors(pipeline);
    FirnProcess.start(options, "verify", file).expectExit(0, LIMIT_SECONDS);
  }

  private static void drain(FirnProcess.Options options, String file) {
    FirnProcess.start(options, "run", file, "--until-caught-up").expectExit(0, LIMIT_SECONDS);
  }

  private static void awaitCheckpoints(FirnProcess process, Pipeline pipeline, int wanted) {
    assertThat(
            process.await(() -> LakeCheck.checkpoints(pipeline, "orders") >= wanted, LIMIT_SECONDS))
        .as(process.output())
        .isTrue();
  }
}
