package io.firn.lake.commit;

import static io.firn.lake.kit.TestTable.row;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.firn.lake.LakeSinkOptions;
import io.firn.lake.catalog.LakeCatalog;
import io.firn.lake.compact.CompactionSettings;
import io.firn.lake.kit.CatalogKind;
import io.firn.lake.kit.FaultyCatalog;
import io.firn.lake.kit.FaultyCatalog.Fault;
import io.firn.lake.kit.Life;
import io.firn.lake.kit.Marks;
import io.firn.lake.kit.TestTable;
import io.firn.lake.maintain.Background;
import io.firn.lake.read.LakeReader;
import io.firn.lake.registry.LiveFiles;
import io.firn.model.error.CommitOutcomeUnknownException;
import io.firn.model.row.Row;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.iceberg.DeleteFile;
import org.apache.iceberg.Table;
import org.apache.iceberg.util.ContentFileUtil;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class DeleteMergingTest {
  private static final int ROWS = 10;

  @TempDir Path directory;
  private final FaultyCatalog catalog = new FaultyCatalog();
  private final LakeSinkOptions options = with(LakeSinkOptions.of(Map.of()));
  private final TestTable table = new TestTable("t");
  private long one;
  private long other;

  /** A data file gets a delete file of its own from three of ten rows on. */
  private static LakeSinkOptions with(LakeSinkOptions options) {
    return options
        .withTableProperties(
            Map.of(
                "format-version",
                "2",
                "commit.retry.min-wait-ms",
                "1",
                "commit.retry.max-wait-ms",
                "2"))
        .withCompaction(new CompactionSettings(true, 0, 100, 0.6, 100, 1, 1, 2));
  }

  private Life life(long epoch) {
    catalog.heal();
    return Life.start(options, LakeCatalog.of(catalog), epoch);
  }

  private Life hadoop() {
    return Life.start(with(CatalogKind.HADOOP.options(directory, null)), 1);
  }

  /** Two files of ten rows, and two delete files that name both. */
  private LakeCommitter deleted(Life life) {
    LakeCommitter committer =
        new LakeCommitter(
            life.tables(), attempt -> {}, options, Background.inline(System::nanoTime));
    table.announce(life.tables());
    table.lakeTable().files().relocations().join(1);
    table.lakeTable().files().relocations().ready(0, 1);
    one = table.write(1, rows(0));
    other = table.write(1, rows(ROWS));
    checkpoint(committer, 1);
    for (int i = 0; i < 2; i++) {
      table.supersede(one, i).supersede(other, i);
      checkpoint(committer, 2 + i);
    }
    return committer;
  }

  private static Row[] rows(int first) {
    return IntStream.range(first, first + ROWS).mapToObj(id -> row(id, "a")).toArray(Row[]::new);
  }

  private void checkpoint(LakeCommitter committer, long id) {
    committer.commit(
        Marks.mark(1, id), committer.prepare(Marks.mark(1, id), List.of(table.handOver())));
  }

  /** Begins a merge, lets a checkpoint delete more meanwhile, and commits the merge. */
  private void merge(LakeCommitter committer) {
    assertThat(committer.maintain()).as("begun").isFalse();
    table.supersede(one, 9);
    checkpoint(committer, 4);
    assertThat(committer.maintain()).as("committed").isTrue();
  }

  private List<Long> ids(Life life) {
    return life.rows(table).stream().map(row -> (Long) row.get(0)).sorted().toList();
  }

  private void requireRows(Life life) {
    assertThat(ids(life))
        .containsExactly(2L, 3L, 4L, 5L, 6L, 7L, 8L, 12L, 13L, 14L, 15L, 16L, 17L, 18L, 19L);
  }

  private long merges(Life life) {
    return life.reader().snapshots(table.id()).stream()
        .map(LakeReader.SnapshotInfo::firnOperation)
        .filter(operation -> operation.filter("delete-merge"::equals).isPresent())
        .count();
  }

  private List<DeleteFile> deletes(Life life) {
    Table iceberg = life.reader().table(table.id());
    return LiveFiles.read(iceberg.currentSnapshot(), iceberg.io(), iceberg.specs()).deleteFiles();
  }

  private long filesOnDisk(Life life) throws IOException {
    Path data = Path.of(life.reader().table(table.id()).location()).resolve("data");
    try (Stream<Path> files = Files.list(data)) {
      return files.filter(file -> file.toString().endsWith(".deletes.parquet")).count();
    }
  }

  @Test
  void manyDeleteFilesBecomeOneAndWhatWasDeletedSinceStays() {
    try (Life life = hadoop()) {
      LakeCommitter committer = deleted(life);
      long sequenceNumber = life.reader().table(table.id()).currentSnapshot().sequenceNumber();
      merge(committer);
      requireRows(life);
      assertThat(deletes(life))
          .satisfiesExactlyInAnyOrder(
              merged -> {
                assertThat(merged.recordCount()).isEqualTo(4);
                assertThat(merged.dataSequenceNumber()).isEqualTo(sequenceNumber);
              },
              since -> assertThat(since.recordCount()).isEqualTo(1));
      assertThat(life.checkpoints(table)).containsExactly(1L, 2L, 3L, 4L);
      assertThat(life.tables().table(table.id()).orElseThrow().mark().newest().orElseThrow())
          .satisfies(marker -> assertThat(marker.checkpointId()).isEqualTo(4));
    }
  }

  @Test
  void aDataFileWithManyDeletedRowsGetsADeleteFileOfItsOwnAndIsThenRewritten() {
    LakeSinkOptions ready =
        options.withCompaction(new CompactionSettings(true, 0, 100, 0.6, 1, 1, 1, 3));
    try (Life life = life(1)) {
      LakeCommitter committer =
          new LakeCommitter(
              life.tables(), attempt -> {}, ready, Background.inline(System::nanoTime));
      deleted(life);
      table.supersede(one, 2, 3, 4, 5, 6).supersede(other, 5);
      checkpoint(committer, 4);
      assertThat(committer.maintain()).as("begun").isFalse();
      assertThat(committer.maintain()).as("merged").isTrue();
      assertThat(deletes(life))
          .extracting(ContentFileUtil::referencedDataFileLocation)
          .satisfiesExactlyInAnyOrder(
              path -> assertThat(path).contains("-" + one + "."),
              path -> assertThat(path).contains("-" + other + "."));
      assertThat(committer.maintain()).as("rewritten").isTrue();
      assertThat(life.reader().snapshots(table.id()).get(5).firnOperation()).contains("compaction");
      assertThat(deletes(life)).as("those of the rewritten file went with it").hasSize(1);
      assertThat(ids(life)).hasSize(ROWS - 7 + ROWS - 3);
    }
  }

  @Test
  void whatNamesDataFilesThatAreGoneIsLeftOut() {
    try (Life life = hadoop()) {
      LakeCommitter committer = deleted(life);
      Table foreign = life.reader().table(table.id());
      LiveFiles.read(foreign.currentSnapshot(), foreign.io(), foreign.specs()).dataFiles().stream()
          .filter(file -> file.location().contains("-" + other + "."))
          .forEach(file -> foreign.newDelete().deleteFile(file).commit());
      life.tables().table(table.id()).orElseThrow().refresh();
      committer.maintain();
      assertThat(committer.maintain()).isTrue();
      assertThat(deletes(life))
          .singleElement()
          .satisfies(file -> assertThat(file.recordCount()).as("of four").isEqualTo(2));
      assertThat(ids(life)).hasSize(ROWS - 2);
    }
  }

  @Test
  void whoeverTakesADeleteFileOutGetsItsRowsBack() throws IOException {
    try (Life life = hadoop()) {
      LakeCommitter committer = deleted(life);
      assertThat(committer.maintain()).as("begun").isFalse();
      assertThat(filesOnDisk(life)).isEqualTo(3);
      DeleteFile first = deletes(life).get(0);
      life.reader().table(table.id()).newRewrite().deleteFile(first).commit();
      assertThat(ids(life)).hasSize(2 * ROWS - 2);
      committer.maintain();
      assertThat(merges(life)).isZero();
      assertThat(ids(life)).hasSize(2 * ROWS - 2);
      assertThat(filesOnDisk(life)).as("nothing is left of the merge").isEqualTo(2);
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = Fault.class,
      names = {"NONE", "LANDS_AND_SAYS_.*", "LOST_AND_SAYS_FAILED"},
      mode = EnumSource.Mode.MATCH_ANY)
  void whatLandedIsKeptWhateverTheCatalogSays(Fault fault) {
    try (Life life = life(1)) {
      LakeCommitter committer = deleted(life);
      assertThat(committer.maintain()).as("begun").isFalse();
      table.supersede(one, 9);
      checkpoint(committer, 4);
      catalog.plan(fault);
      catalog.beforeNextCommit(() -> catalog.lag(fault.name().startsWith("LANDS") ? 3 : 0));
      assertThat(committer.maintain()).isTrue();
      assertThat(merges(life)).isEqualTo(1);
      assertThat(deletes(life)).hasSize(2);
      requireRows(life);
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = Fault.class,
      names = {".*CANNOT_BE_READ_BACK", "LOST_AND_SAYS_UNKNOWN"},
      mode = EnumSource.Mode.MATCH_ANY)
  void anOutcomeThatNobodyKnowsEndsTheLifeAndNoFile(Fault fault) {
    try (Life life = life(1)) {
      LakeCommitter committer = deleted(life);
      assertThat(committer.maintain()).as("begun").isFalse();
      table.supersede(one, 9);
      checkpoint(committer, 4);
      catalog.plan(fault);
      assertThatThrownBy(committer::maintain)
          .isInstanceOf(CommitOutcomeUnknownException.class)
          .hasMessageContaining("no file may be deleted");
    }
    try (Life next = life(2)) {
      assertThat(merges(next)).isEqualTo(fault.name().startsWith("LANDS") ? 1 : 0);
      requireRows(next);
    }
  }
}
