package io.firn.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.firn.it.check.LakeCheck;
import io.firn.it.fault.Fault;
import io.firn.it.oracle.BackgroundLoad;
import io.firn.it.process.ClassArchive;
import io.firn.it.process.FirnProcess;
import io.firn.it.process.HaltCounter;
import io.firn.it.process.HaltingCatalog;
import io.firn.it.process.HaltingFileIO;
import io.firn.it.process.HaltingFirn;
import io.firn.it.process.Pipeline;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.bridge.SLF4JBridgeHandler;

/**
 * The process ends right before its N-th operation on files, checkpoints or catalog, for N = 1, 2,
 * ... until a run of three checkpoints completes. Every {@code firn.it.crash.stride}-th N is tried,
 * beginning with a random one; 1 tries all.
 */
@Tag("slow")
class CrashPointTest {
  private static final int STRIDE = Integer.getInteger("firn.it.crash.stride", 2);
  private static final int TIMES_FEWER_COMPACTING = 10;
  private static final int LIMIT_SECONDS = 120;

  /** The clean end after them makes a third. */
  private static final int CHECKPOINTS = 2;

  /** Long enough for files to be compacted, and compacted files to be updated. */
  private static final int CHECKPOINTS_COMPACTING = 6;

  /** Writing the archive takes half a minute of CPU time; it saves more than a second per run. */
  private static final int ARCHIVE_LIMIT_SECONDS = 600;

  private static final int WORKERS = Runtime.getRuntime().availableProcessors();

  private final SplittableRandom random = new SplittableRandom(Source.seed());
  private final AtomicInteger next = new AtomicInteger();
  private final AtomicInteger compactions = new AtomicInteger();
  private final AtomicInteger completedAt = new AtomicInteger(Integer.MAX_VALUE);
  private final AtomicInteger points = new AtomicInteger();
  private final ConcurrentSkipListSet<String> reached = new ConcurrentSkipListSet<>();
  private ClassArchive archive;

  /** The binlog client logs every connection by {@code java.util.logging}. */
  @BeforeAll
  static void logLikeEverybodyElse() {
    SLF4JBridgeHandler.removeHandlersForRootLogger();
    SLF4JBridgeHandler.install();
  }

  /** With compaction there are twice as many operations, of few kinds: fewer are tried. */
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void whereverItHaltsTheLakeEndsEqual(boolean compacting) throws Exception {
    int stride = compacting ? STRIDE * TIMES_FEWER_COMPACTING : STRIDE;
    next.set(1 + random.nextInt(stride));
    archive = new ClassArchive(Source.directory("crash-classes").resolve("classes.jsa"));
    if (!Files.exists(archive.file())) {
      Files.createDirectories(archive.file().getParent());
      archiveClasses();
    }
    ExecutorService workers = Executors.newFixedThreadPool(WORKERS);
    try {
      List<Future<Void>> results = new ArrayList<>();
      for (int i = 0; i < WORKERS; i++) {
        SplittableRandom own = random.split();
        results.add(workers.submit(() -> work(own, compacting, stride)));
      }
      for (Future<Void> result : results) {
        result.get();
      }
    } finally {
      workers.shutdownNow();
    }
    System.err.println(
        points
            + " crash points, stride "
            + stride
            + ", in a run that needs fewer than "
            + completedAt
            + " operations, before: "
            + reached);
    assertThat(compactions.get() > 0).isEqualTo(compacting);
    assertThat(points.get() * stride).isGreaterThan(20);
  }

  private void archiveClasses() throws Exception {
    Source.Shop shop = Source.shop("crash-classes", 10);
    FirnProcess.start(
            FirnProcess.Options.of(shop.pipeline()).writing(archive),
            "run",
            shop.pipeline().write().toString(),
            "--until-caught-up")
        .expectExit(0, ARCHIVE_LIMIT_SECONDS);
  }

  /** Takes one operation after the other, until some run completes. */
  private Void work(SplittableRandom own, boolean compacting, int stride) throws Exception {
    for (int n = next.getAndAdd(stride); n < completedAt.get(); n = next.getAndAdd(stride)) {
      Source.Shop shop = Source.shop("crash_" + n, 300);
      Pipeline pipeline =
          shop.pipeline()
              .setting("checkpoint.interval", "300ms")
              // Few partitions, few files: each of them is two more places to halt at.
              .partitionedBy("month(created_at)");
      if (compacting) {
        pipeline =
            pipeline
                .sinkSetting("compaction.min-input-files", "2")
                .sinkSetting("compaction.cpu-share", "1");
      }
      if (run(shop, pipeline, n, compacting ? CHECKPOINTS_COMPACTING : CHECKPOINTS)) {
        completedAt.accumulateAndGet(n, Math::min);
      } else {
        points.incrementAndGet();
        Firn.reached(compacting ? Fault.HALTED_BESIDE_COMPACTION : Fault.HALTED_AT_OPERATION);
        reached.add(lastOperation(journal(pipeline, n)));
        // Once more, somewhere in the recovery.
        run(shop, pipeline, 1 + own.nextInt(20), CHECKPOINTS);
      }
      HaltingFirn.catchUp(pipeline);
      LakeCheck.assertMirrors(pipeline);
      compactions.addAndGet(LakeCheck.compactions(pipeline, "orders"));
    }
    return null;
  }

  /** Runs until it halts or until it stopped in good order after the checkpoints. */
  private boolean run(Source.Shop shop, Pipeline pipeline, int haltAt, int checkpoints)
      throws Exception {
    Pipeline halting =
        pipeline
            .catalogProperty("type", null)
            .catalogProperty("catalog-impl", HaltingCatalog.class.getName())
            .catalogProperty("io-impl", HaltingFileIO.class.getName());
    FirnProcess.Options options =
        FirnProcess.Options.of(halting)
            .reading(archive)
            .with(
                HaltingFirn.class.getName(),
                Map.of(
                    HaltCounter.AT,
                    Integer.toString(haltAt),
                    HaltingFirn.CHECKPOINTS,
                    Integer.toString(checkpoints),
                    HaltCounter.JOURNAL,
                    journal(pipeline, haltAt).toString()));
    try (BackgroundLoad load = shop.workload().background(1, 300);
        FirnProcess process = FirnProcess.start(options, "run", halting.write().toString())) {
      int code = process.waitFor(LIMIT_SECONDS);
      assertThat(code).as(process.output()).isIn(0, FirnProcess.KILLED);
      assertThat(load.changes()).isPositive();
      return code == 0;
    }
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
