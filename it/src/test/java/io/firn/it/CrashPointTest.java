package io.firn.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.firn.it.check.LakeCheck;
import io.firn.it.fault.Fault;
import io.firn.it.oracle.BackgroundLoad;
import io.firn.it.process.FirnProcess;
import io.firn.it.process.HaltCounter;
import io.firn.it.process.HaltingCatalog;
import io.firn.it.process.HaltingFileIO;
import io.firn.it.process.HaltingFirn;
import io.firn.it.process.Pipeline;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeSet;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * The process ends right before its N-th operation on files, checkpoints or catalog, for N = 1, 2,
 * ... until a run of three checkpoints completes. Every {@code firn.it.crash.stride}-th N is tried.
 */
@Tag("slow")
class CrashPointTest {
  private static final int STRIDE = Integer.getInteger("firn.it.crash.stride", 20);
  private static final int LIMIT_SECONDS = 120;
  private static final int CHECKPOINTS = 3;

  @Test
  void whereverItHaltsTheLakeEndsEqual() throws Exception {
    Source.Shop shop = Source.shop("crash", 300);
    SplittableRandom random = new SplittableRandom(Source.seed());
    TreeSet<String> reached = new TreeSet<>();
    int points = 0;
    for (int n = 1 + random.nextInt(STRIDE); ; n += STRIDE) {
      String name = shop.pipeline().name() + "_n" + n;
      Pipeline pipeline =
          Pipeline.of(
                  name,
                  shop.pipeline().server(),
                  shop.pipeline().database(),
                  Source.directory(name))
              .setting("checkpoint.interval", "300ms")
              // Few partitions, few files: each of them is two more places to halt at.
              .partitionedBy("month(created_at)");
      boolean completed = run(shop, pipeline, n);
      if (!completed) {
        points++;
        Firn.reached(Fault.HALTED_AT_OPERATION);
        reached.add(lastOperation(journal(pipeline, n)));
        // Once more, somewhere in the recovery.
        run(shop, pipeline, 1 + random.nextInt(20));
      }
      catchUp(pipeline);
      LakeCheck.assertMirrors(pipeline);
      if (completed) {
        break;
      }
    }
    System.err.println(points + " crash points, before: " + reached);
    assertThat(points * STRIDE).isGreaterThan(20);
  }

  /** Runs until it halts or until it stopped in good order after the checkpoints. */
  private static boolean run(Source.Shop shop, Pipeline pipeline, int haltAt) throws Exception {
    Pipeline halting =
        pipeline
            .catalogProperty("type", null)
            .catalogProperty("catalog-impl", HaltingCatalog.class.getName())
            .catalogProperty("io-impl", HaltingFileIO.class.getName());
    FirnProcess.Options options =
        FirnProcess.Options.of(halting)
            .with(
                HaltingFirn.class.getName(),
                Map.of(
                    HaltCounter.AT,
                    Integer.toString(haltAt),
                    HaltCounter.JOURNAL,
                    journal(pipeline, haltAt).toString()));
    int before = LakeCheck.checkpoints(pipeline, "orders");
    try (BackgroundLoad load = shop.workload().background(1, 300);
        FirnProcess process = FirnProcess.start(options, "run", halting.write().toString())) {
      boolean made =
          process.await(
              () -> LakeCheck.checkpoints(pipeline, "orders") >= before + CHECKPOINTS,
              LIMIT_SECONDS);
      if (made) {
        process.terminate();
      }
      int code = process.waitFor(LIMIT_SECONDS);
      assertThat(code).as(process.output()).isIn(0, FirnProcess.KILLED);
      assertThat(load.changes()).isPositive();
      return code == 0;
    }
  }

  private static void catchUp(Pipeline pipeline) {
    FirnProcess.start(
            FirnProcess.Options.of(pipeline),
            "run",
            pipeline.write().toString(),
            "--until-caught-up")
        .expectExit(0, LIMIT_SECONDS);
  }

  private static Path journal(Pipeline pipeline, int haltAt) {
    return pipeline.directory().resolve("operations-" + haltAt + ".txt");
  }

  private static String lastOperation(Path journal) throws Exception {
    List<String> lines = Files.readAllLines(journal);
    // The kind of operation only: numbers and names of tables differ.
    return lines
        .get(lines.size() - 1)
        .replaceFirst("\\d+ ", "")
        .replaceAll("[0-9a-f-]{6,}|\\d+", "#");
  }
}
