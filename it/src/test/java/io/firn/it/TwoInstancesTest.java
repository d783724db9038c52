package io.firn.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.firn.it.check.LakeCheck;
import io.firn.it.fault.Fault;
import io.firn.it.oracle.BackgroundLoad;
import io.firn.it.process.FirnProcess;
import io.firn.it.process.Pipeline;
import org.junit.jupiter.api.Test;

class TwoInstancesTest {
  private static final int LIMIT_SECONDS = 120;
  private static final int FENCED = 4;

  @Test
  void theNewerWinsAndTheOlderExitsAsFenced() throws Exception {
    Source.Shop shop = Source.shop("two", 3_000);
    Pipeline pipeline = shop.pipeline();
    String file = pipeline.write().toString();
    FirnProcess.Options options = FirnProcess.Options.of(pipeline);
    try (BackgroundLoad load = shop.workload().background(1, 1_000);
        FirnProcess older = FirnProcess.start(options, "run", file)) {
      assertThat(older.await(() -> LakeCheck.checkpoints(pipeline, "orders") >= 2, LIMIT_SECONDS))
          .isTrue();
      try (FirnProcess newer = FirnProcess.start(options, "run", file)) {
        older.expectExit(FENCED, LIMIT_SECONDS);
        Firn.reached(Fault.SECOND_INSTANCE);
        assertThat(load.changes()).isPositive();
        int checkpoints = LakeCheck.checkpoints(pipeline, "orders");
        assertThat(
                newer.await(
                    () -> LakeCheck.checkpoints(pipeline, "orders") >= checkpoints + 2,
                    LIMIT_SECONDS))
            .as(newer.output())
            .isTrue();
        newer.terminate();
        newer.expectExit(0, LIMIT_SECONDS);
      }
    }
    catchUpAndCheck(options, file, pipeline);
  }

  @Test
  void aZombieThatWakesUpWritesNothing() throws Exception {
    Source.Shop shop = Source.shop("zombie", 3_000);
    Pipeline pipeline = shop.pipeline();
    String file = pipeline.write().toString();
    FirnProcess.Options options = FirnProcess.Options.of(pipeline);
    try (BackgroundLoad load = shop.workload().background(1, 1_000);
        FirnProcess zombie = FirnProcess.start(options, "run", file)) {
      assertThat(zombie.await(() -> LakeCheck.checkpoints(pipeline, "orders") >= 2, LIMIT_SECONDS))
          .isTrue();
      zombie.suspend();
      int checkpoints = LakeCheck.checkpoints(pipeline, "orders");
      try (FirnProcess newer = FirnProcess.start(options, "run", file)) {
        assertThat(
                newer.await(
                    () -> LakeCheck.checkpoints(pipeline, "orders") >= checkpoints + 2,
                    LIMIT_SECONDS))
            .as(newer.output())
            .isTrue();
        zombie.resume();
        zombie.expectExit(FENCED, LIMIT_SECONDS);
        Firn.reached(Fault.ZOMBIE);
        assertThat(newer.isAlive()).as(newer.output()).isTrue();
        assertThat(load.changes()).isPositive();
        newer.terminate();
        newer.expectExit(0, LIMIT_SECONDS);
      }
    }
    catchUpAndCheck(options, file, pipeline);
  }

  private static void catchUpAndCheck(FirnProcess.Options options, String file, Pipeline pipeline) {
    FirnProcess.start(options, "run", file, "--until-caught-up").expectExit(0, LIMIT_SECONDS);
    LakeCheck.assertMirrors(pipeline);
  }
}
