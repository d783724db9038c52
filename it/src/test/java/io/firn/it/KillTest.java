package io.firn.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.firn.it.check.LakeCheck;
import io.firn.it.fault.Fault;
import io.firn.it.oracle.BackgroundLoad;
import io.firn.it.process.FirnProcess;
import io.firn.it.process.Pipeline;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** SIGKILL at random moments, under load; how often by {@code firn.it.kills}. */
@Tag("slow")
class KillTest {
  private static final int KILLS = Integer.getInteger("firn.it.kills", 4);
  private static final int LIMIT_SECONDS = 180;
  private static final int SNAPSHOT_SECONDS = 20;

  @Test
  void afterEveryKillUnderLoadTheLakeEqualsTheSource() throws Exception {
    Source.Shop shop = Source.shop("kill", 20_000);
    Pipeline pipeline = shop.pipeline().setting("checkpoint.interval", "500ms");
    String file = pipeline.write().toString();
    FirnProcess.Options options = FirnProcess.Options.of(pipeline);
    SplittableRandom random = new SplittableRandom(Source.seed());
    for (int kill = 1; kill <= KILLS; kill++) {
      try (BackgroundLoad load = shop.workload().background(1, 2_000)) {
        // The first kills hit the start and the snapshot, later ones the streaming.
        killAfter(FirnProcess.start(options, "run", file), random.nextInt(500, 7_000));
        Firn.reached(Fault.KILLED);
        // And the recovery from that kill.
        killAfter(FirnProcess.start(options, "run", file), random.nextInt(500, 4_000));
        Firn.reached(Fault.KILLED_IN_RECOVERY);
        assertThat(load.changes()).isPositive();
      }
      FirnProcess.start(options, "run", file, "--until-caught-up").expectExit(0, LIMIT_SECONDS);
      LakeCheck.Result lake = LakeCheck.assertMirrors(pipeline);
      System.err.println("kill " + kill + ": " + lake.leftovers() + " files left over");
    }
  }

  @Test
  void killsDuringTheSnapshotLoseAndDoubleNothing() throws Exception {
    Source.Shop shop = Source.shop("kill-snapshot", 60_000);
    Pipeline pipeline = shop.pipeline().setting("checkpoint.interval", "200ms");
    String file = pipeline.write().toString();
    FirnProcess.Options options = FirnProcess.Options.of(pipeline);
    int hits = 0;
    for (int kill = 1; kill <= Math.max(2, KILLS / 2); kill++) {
      try (FirnProcess process = FirnProcess.start(options, "run", file)) {
        int before = LakeCheck.checkpoints(pipeline, "orders");
        int seen = 1 + kill % 3;
        process.await(
            () -> LakeCheck.checkpoints(pipeline, "orders") >= before + seen, SNAPSHOT_SECONDS);
        hits += process.isAlive() ? 1 : 0;
        process.kill();
      }
      shop.workload().change(200);
    }
    assertThat(hits).isPositive();
    FirnProcess.start(options, "run", file, "--until-caught-up").expectExit(0, LIMIT_SECONDS);
    LakeCheck.assertMirrors(pipeline);
  }

  private static void killAfter(FirnProcess process, int millis) throws InterruptedException {
    try (process) {
      Thread.sleep(millis);
      if (!process.isAlive()) {
        throw new AssertionError("Firn ended by itself:\n" + process.output());
      }
      process.kill();
    }
  }
}
