package io.firn.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.firn.it.check.LakeCheck;
import io.firn.it.fault.Fault;
import io.firn.it.oracle.BackgroundLoad;
import io.firn.it.process.FirnProcess;
import io.firn.it.process.Pipeline;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.SplittableRandom;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** SIGKILL at random moments, under load; how often by {@code firn.it.kills}. */
@Tag("slow")
class KillTest {
  private static final int KILLS = Integer.getInteger("firn.it.kills", 4);
  private static final int LIMIT_SECONDS = 180;
  private static final int SNAPSHOT_SECONDS = 20;

  /** What the log says on the way to the first new checkpoint, earliest first. */
  private static final List<String> STEPS =
      List.of("Phase RECOVERING", "newest checkpoint: ", "Epoch ", "Phase RUNNING");

  private static final Pattern COMMITTED = Pattern.compile("Checkpoint \\d+ committed: ");

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
    // It is large, and a killed process cannot remove it: the next one has to.
    assertThat(pipeline.directory()).isDirectoryNotContaining("glob:**librocksdbjni*");
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

  /**
   * Each kill hits what the ones before left; counted are those before the first new checkpoint.
   */
  @Test
  void tenKillsInARowDuringRecoveryConverge() throws Exception {
    Source.Shop shop = Source.shop("kill-recovery", 5_000);
    Pipeline pipeline =
        shop.pipeline().setting("checkpoint.interval", "200ms").setting("parallelism", "2");
    String file = pipeline.write().toString();
    FirnProcess.Options options = FirnProcess.Options.of(pipeline);
    SplittableRandom random = new SplittableRandom(Source.seed());
    try (BackgroundLoad load = shop.workload().background(1, 1_000)) {
      try (FirnProcess process = FirnProcess.start(options, "run", file)) {
        Firn.awaitCheckpoints(process, pipeline, 3);
        Thread.sleep(random.nextInt(300));
        process.kill();
      }
      Path log = pipeline.directory().resolve("firn-data/" + pipeline.name() + "/firn.log");
      int inRecovery = 0;
      for (int kill = 1; inRecovery < 10; kill++) {
        assertThat(kill).as("kills, of which in recovery " + inRecovery).isLessThan(40);
        long before = Files.size(log);
        try (FirnProcess process = FirnProcess.start(options, "run", file)) {
          String step = STEPS.get(kill % STEPS.size());
          assertThat(process.await(() -> since(log, before).contains(step), LIMIT_SECONDS))
              .as(process.output())
              .isTrue();
          Thread.sleep(random.nextInt(300));
          process.kill();
        }
        if (!COMMITTED.matcher(since(log, before)).find()) {
          inRecovery++;
          Firn.reached(Fault.KILLED_IN_RECOVERY);
        }
      }
      assertThat(load.changes()).isPositive();
    }
    FirnProcess.start(options, "run", file, "--until-caught-up").expectExit(0, LIMIT_SECONDS);
    LakeCheck.assertMirrors(pipeline);
  }

  private static String since(Path log, long offset) {
    try {
      byte[] bytes = Files.readAllBytes(log);
      return new String(bytes, (int) offset, bytes.length - (int) offset, StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
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
