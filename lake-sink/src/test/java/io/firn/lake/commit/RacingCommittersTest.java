package io.firn.lake.commit;

import static io.firn.lake.kit.TestTable.row;
import static org.assertj.core.api.Assertions.assertThat;

import io.firn.lake.LakeSinkOptions;
import io.firn.lake.catalog.LakeCatalog;
import io.firn.lake.kit.CatalogKind;
import io.firn.lake.kit.Life;
import io.firn.lake.kit.Marks;
import io.firn.lake.kit.RestServer;
import io.firn.lake.kit.TestTable;
import io.firn.lake.registry.PipelineTables;
import io.firn.model.error.FencedException;
import io.firn.model.sink.Committer.TableCommit;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.LongStream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class RacingCommittersTest {
  private static final int RACERS = 4;
  private static final int CHECKPOINTS = 8;

  @TempDir Path directory;

  @ParameterizedTest
  @EnumSource(CatalogKind.class)
  void racersWithTheSameCheckpointsCommitEachOnce(CatalogKind kind) throws Exception {
    try (RestServer rest = new RestServer(CatalogKind.sqlite(directory))) {
      LakeSinkOptions options = kind.options(directory, rest);
      TestTable table = new TestTable("t");
      try (Life first = Life.start(options, 1)) {
        table.announce(first.tables());
        List<PromisedCheckpoint> promised = new ArrayList<>();
        long file = table.write(1, row(1, "a"), row(2, "a"), row(3, "a"), row(4, "a"));
        first.checkpoint(1, table.handOver());
        race(options, first, promised, table, file);
        assertThat(first.checkpoints(table))
            .containsExactlyElementsOf(LongStream.rangeClosed(1, CHECKPOINTS).boxed().toList());
        assertThat(first.rows(table)).hasSize(4 + CHECKPOINTS - 1);
      }
    }
  }

  private record PromisedCheckpoint(long id, List<TableCommit> commits) {}

  /** All racers commit a checkpoint at once; whoever is first, the next one builds on it. */
  private void race(
      LakeSinkOptions options,
      Life first,
      List<PromisedCheckpoint> promised,
      TestTable table,
      long file)
      throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(RACERS);
    CyclicBarrier start = new CyclicBarrier(RACERS);
    List<LakeCatalog> catalogs = new ArrayList<>();
    List<LakeCommitter> racers = new ArrayList<>();
    for (int i = 0; i < RACERS; i++) {
      LakeCatalog catalog = LakeCatalog.open(options);
      catalogs.add(catalog);
      PipelineTables tables =
          PipelineTables.find(
              catalog, options, TestTable.PIPELINE, first.tables().possession().owner());
      tables.fence(1);
      racers.add(TestCommitters.withoutWaiting(tables));
    }
    try {
      for (long id = 2; id <= CHECKPOINTS; id++) {
        if (id == 3) {
          table.supersede(file, 0); // once with a deletion vector
          table.write(id, row(100, "replaced"), row(id, "new"));
        } else {
          table.write(id, row(id, "new"));
        }
        first.tables().table(table.id()).orElseThrow().refresh();
        PromisedCheckpoint checkpoint =
            new PromisedCheckpoint(id, first.prepare(id, table.handOver()));
        promised.add(checkpoint);
        List<Future<Void>> futures = new ArrayList<>();
        for (LakeCommitter racer : racers) {
          Callable<Void> commit =
              () -> {
                start.await();
                racer.commit(Marks.mark(1, checkpoint.id()), checkpoint.commits());
                // and the ones before it, as a slow racer would
                racer.commit(Marks.mark(1, promised.get(0).id()), promised.get(0).commits());
                return null;
              };
          futures.add(threads.submit(commit));
        }
        for (Future<Void> future : futures) {
          future.get();
        }
      }
    } finally {
      threads.shutdownNow();
      catalogs.forEach(LakeCatalog::close);
    }
  }

  @ParameterizedTest
  @EnumSource(CatalogKind.class)
  void ofManyLivesThatTakePossessionAtOnceTheNewestWins(CatalogKind kind) throws Exception {
    try (RestServer rest = new RestServer(CatalogKind.sqlite(directory))) {
      LakeSinkOptions options = kind.options(directory, rest);
      TestTable table = new TestTable("t");
      try (Life life = Life.start(options, 1)) {
        table.announce(life.tables());
        table.write(1, row(1, "a"));
        life.checkpoint(1, table.handOver());
      }
      ExecutorService threads = Executors.newFixedThreadPool(RACERS);
      CyclicBarrier start = new CyclicBarrier(RACERS);
      List<Future<Boolean>> futures = new ArrayList<>();
      for (long epoch = 2; epoch < 2 + RACERS; epoch++) {
        long mine = epoch;
        Callable<Boolean> take =
            () -> {
              try (LakeCatalog catalog = LakeCatalog.open(options)) {
                PipelineTables tables =
                    PipelineTables.find(catalog, options, TestTable.PIPELINE, "owner" + mine);
                start.await();
                tables.fence(mine);
                return true;
              } catch (FencedException e) {
                return false;
              }
            };
        futures.add(threads.submit(take));
      }
      List<Boolean> taken = new ArrayList<>();
      for (Future<Boolean> future : futures) {
        taken.add(future.get());
      }
      threads.shutdownNow();
      assertThat(taken.get(RACERS - 1)).as("the newest").isTrue();
      try (Life last = Life.start(options, 2 + RACERS)) {
        assertThat(last.state().orElseThrow().maxEpoch()).isEqualTo(1 + RACERS);
        assertThat(last.checkpoints(table)).containsExactly(1L);
      }
    }
  }
}
