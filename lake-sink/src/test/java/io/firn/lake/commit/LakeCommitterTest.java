package io.firn.lake.commit;

import static io.firn.lake.kit.TestTable.row;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.firn.lake.LakeSinkOptions;
import io.firn.lake.kit.CatalogKind;
import io.firn.lake.kit.Life;
import io.firn.lake.kit.Marks;
import io.firn.lake.kit.RestServer;
import io.firn.lake.kit.TestTable;
import io.firn.lake.read.LakeReader.SnapshotInfo;
import io.firn.model.error.FencedException;
import io.firn.model.error.InconsistentStateException;
import io.firn.model.row.Row;
import io.firn.model.schema.Column;
import io.firn.model.schema.TableId;
import io.firn.model.schema.TableSchema;
import io.firn.model.sink.Committer.TableCommit;
import io.firn.model.stream.SchemaChange;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.iceberg.types.Types;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class LakeCommitterTest {
  @TempDir Path directory;
  private RestServer rest;

  @BeforeEach
  void startRest() {
    rest = new RestServer(CatalogKind.sqlite(directory));
  }

  @AfterEach
  void stopRest() {
    rest.close();
  }

  private LakeSinkOptions options(CatalogKind kind) {
    return kind.options(directory, rest);
  }

  @ParameterizedTest
  @MethodSource("io.firn.lake.kit.CatalogKind#inThisProcess")
  void deletionVectorsGrowOverManyCommitsAndStayOnePerFile(CatalogKind kind) {
    try (Life life = Life.start(options(kind), 1)) {
      TestTable table = new TestTable("t").announce(life.tables());
      Row[] rows = new Row[40];
      for (int i = 0; i < rows.length; i++) {
        rows[i] = row(i, "old");
      }
      long file = table.write(1, rows);
      life.checkpoint(1, table.handOver());
      for (int n = 2; n <= 12; n++) {
        long added = table.write(n, row(n - 2, "new"), row(1000 + n, "dead at once"));
        table.supersede(file, n - 2).supersede(added, 1);
        life.checkpoint(n, table.handOver());
      }
      List<Row> expected = new ArrayList<>();
      for (int i = 0; i < 40; i++) {
        expected.add(row(i, i < 11 ? "new" : "old"));
      }
      assertThat(life.rows(table)).containsExactlyInAnyOrderElementsOf(expected);
      assertThat(life.deleteFiles(table)).as("one per data file with deletes").hasSize(12);
      assertThat(life.reader().files(table.id())).noneMatch(f -> f.content().startsWith("EQ"));
      assertThat(life.checkpoints(table))
          .containsExactly(1L, 2L, 3L, 4L, 5L, 6L, 7L, 8L, 9L, 10L, 11L, 12L);
    }
  }

  @Test
  void positionDeletesOfManyFilesWithoutPartitionsShareOneFile() {
    LakeSinkOptions options =
        options(CatalogKind.SQLITE).withTableProperties(Map.of("format-version", "2"));
    try (Life life = Life.start(options, 1)) {
      TestTable table = new TestTable("t").announce(life.tables());
      long one = table.write(1, row(1, "a"), row(2, "a"));
      long two = table.write(1, row(3, "a"), row(4, "a"));
      life.checkpoint(1, table.handOver());
      table.supersede(one, 1).supersede(two, 0);
      life.checkpoint(2, table.handOver());
      assertThat(life.deleteFiles(table)).hasSize(1);
      table.supersede(two, 1);
      life.checkpoint(3, table.handOver());
      assertThat(life.deleteFiles(table)).hasSize(2);
      assertThat(life.rows(table)).containsExactly(row(1, "a"));
      table.truncate();
      life.checkpoint(4, table.handOver());
      assertThat(life.reader().files(table.id())).isEmpty();
    }
  }

  @Test
  void anIndexThatKnowsFilesTheTableDoesNotHaveStopsThePipeline() {
    try (Life life = Life.start(options(CatalogKind.SQLITE), 1)) {
      TestTable table = new TestTable("t").announce(life.tables());
      long file = table.write(1, row(1, "a"));
      life.checkpoint(1, table.handOver());
      table.supersede(file, 1);
      assertThatThrownBy(() -> life.prepare(2, table.handOver()))
          .isInstanceOf(InconsistentStateException.class)
          .hasMessageContaining("row 1");
      table.supersede(4711, 0);
      assertThatThrownBy(() -> life.prepare(2, table.handOver()))
          .isInstanceOf(InconsistentStateException.class)
          .hasMessageContaining("4711");
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 3})
  void rowsLeaveThePartitionTheyWereIn(int formatVersion) {
    LakeSinkOptions options =
        options(CatalogKind.HADOOP)
            .withTableProperties(Map.of("format-version", Integer.toString(formatVersion)))
            .withPartitionRules(
                List.of(new io.firn.lake.PartitionRule(t -> true, List.of("bucket(4, id)"))));
    try (Life life = Life.start(options, 1)) {
      TestTable table = new TestTable("t").announce(life.tables());
      long one = table.write(1, row(1, "a"), row(1, "b"));
      long two = table.write(1, row(2, "a"), row(2, "b"), row(2, "c"));
      life.checkpoint(1, table.handOver());
      table.supersede(one, 0).supersede(two, 0, 2);
      life.checkpoint(2, table.handOver());
      table.supersede(two, 2);
      life.checkpoint(3, table.handOver());
      assertThat(life.rows(table)).containsExactlyInAnyOrder(row(1, "b"), row(2, "b"));
      String format = formatVersion == 2 ? "PARQUET" : "PUFFIN";
      assertThat(life.deleteFiles(table)).isNotEmpty().allMatch(f -> f.format().equals(format));
    }
  }

  @ParameterizedTest
  @MethodSource("io.firn.lake.kit.CatalogKind#inThisProcess")
  void filesWithoutLiveRowsAreRemovedWithTheirDeletes(CatalogKind kind) {
    try (Life life = Life.start(options(kind), 1)) {
      TestTable table = new TestTable("t").announce(life.tables());
      long file = table.write(1, row(1, "a"), row(2, "a"));
      long stillborn = table.write(1, row(3, "x"));
      table.supersede(stillborn, 0);
      life.checkpoint(1, table.handOver());
      assertThat(life.reader().files(table.id())).hasSize(1);
      table.supersede(file, 0);
      life.checkpoint(2, table.handOver());
      assertThat(life.deleteFiles(table)).hasSize(1);
      table.supersede(file, 1);
      table.write(3, row(4, "b"));
      life.checkpoint(3, table.handOver());
      assertThat(life.rows(table)).containsExactly(row(4, "b"));
      assertThat(life.reader().files(table.id())).hasSize(1);
      assertThatThrownBy(() -> table.lakeTable().files().get(file))
          .isInstanceOf(IllegalStateException.class);
    }
    try (Life next = Life.start(options(kind), 2)) {
      TestTable table = new TestTable("t").announce(next.tables());
      assertThat(table.lakeTable().files().newFileId())
          .as("numbers are never reused")
          .isGreaterThan(3);
    }
  }

  @ParameterizedTest
  @MethodSource("io.firn.lake.kit.CatalogKind#inThisProcess")
  void truncationVoidsEverythingBeforeIt(CatalogKind kind) {
    try (Life life = Life.start(options(kind), 1)) {
      TestTable table = new TestTable("t").announce(life.tables());
      long file = table.write(1, row(1, "a"), row(2, "a"));
      life.checkpoint(1, table.handOver());
      table.supersede(file, 0);
      life.checkpoint(2, table.handOver());
      long fresh = table.write(3, row(7, "dead"), row(8, "new"));
      table.truncate().supersede(fresh, 0);
      life.checkpoint(3, table.handOver());
      assertThat(life.rows(table)).containsExactly(row(8, "new"));
      assertThat(life.reader().files(table.id())).hasSize(2);
      table.truncate();
      life.checkpoint(4, table.handOver());
      assertThat(life.rows(table)).isEmpty();
      assertThat(life.reader().files(table.id())).isEmpty();
    }
  }

  @ParameterizedTest
  @MethodSource("io.firn.lake.kit.CatalogKind#inThisProcess")
  void columnsAppearTogetherWithTheirRows(CatalogKind kind) {
    try (Life life = Life.start(options(kind), 1)) {
      TestTable table = new TestTable("t").announce(life.tables());
      table.write(1, row(1, "a"));
      life.checkpoint(1, table.handOver());
      int snapshotsBefore = life.reader().snapshots(table.id()).size();
      TableSchema wider =
          new TableSchema(
              table.id(),
              List.of(
                  table.schema().columns().get(0),
                  table.schema().columns().get(1),
                  new Column("score", Types.LongType.get(), true, null, 7L)),
              List.of("id"));
      TableSchema renamed =
          new TableSchema(
              table.id(),
              List.of(
                  wider.columns().get(0),
                  wider.columns().get(1).withName("text"),
                  wider.columns().get(2)),
              List.of("id"));
      table.useSchema(
          new org.apache.iceberg.Schema(
              Types.NestedField.required(1, "id", Types.LongType.get()),
              Types.NestedField.optional(2, "text", Types.StringType.get()),
              Types.NestedField.optional(3, "score", Types.LongType.get())));
      table.change(new SchemaChange.AddColumns(wider, List.of("score"), table.origin("v2")));
      table.change(
          new SchemaChange.RenameColumns(renamed, Map.of("note", "text"), table.origin("v3")));
      table.write(2, Row.of(2L, "b", 9L));
      List<TableCommit> prepared = life.prepare(2, table.handOver());
      assertThat(life.reader().table(table.id()).schema().columns()).hasSize(2);
      life.committer().commit(Marks.mark(1, 2), prepared);
      assertThat(life.reader().table(table.id()).schema().findField("score").fieldId())
          .isEqualTo(3);
      assertThat(life.rows(table))
          .containsExactlyInAnyOrder(Row.of(1L, "a", 7L), Row.of(2L, "b", 9L));
      assertThat(life.reader().snapshots(table.id())).hasSize(snapshotsBefore + 1);
      // and the next change of columns starts from there
      TableSchema dropped =
          new TableSchema(
              table.id(),
              List.of(renamed.columns().get(0), renamed.columns().get(1)),
              List.of("id"));
      table.change(new SchemaChange.DropColumns(dropped, List.of("score"), table.origin("v4")));
      life.checkpoint(3, table.handOver());
      assertThat(life.reader().table(table.id()).schema().columns()).hasSize(2);
      assertThat(life.checkpoints(table)).containsExactly(1L, 2L, 3L);
    }
  }

  @ParameterizedTest
  @MethodSource("io.firn.lake.kit.CatalogKind#inThisProcess")
  void aCommitDoneAgainByANewProcessIsRecognised(CatalogKind kind) {
    TestTable table = new TestTable("t");
    TestTable other = new TestTable("other");
    List<TableCommit> promised;
    try (Life life = Life.start(options(kind), 1)) {
      table.announce(life.tables());
      other.announce(life.tables());
      long file = table.write(1, row(1, "a"), row(2, "a"));
      other.write(1, row(1, "o"));
      life.checkpoint(1, table.handOver(), other.handOver());
      table.supersede(file, 0);
      table.write(2, row(1, "b"));
      other.write(2, row(2, "o"));
      promised = life.prepare(2, table.handOver(), other.handOver());
      // Killed between the commits of two tables.
      life.commitOnly(2, promised, table.id());
    }
    try (Life next = Life.start(options(kind), 2)) {
      var state = next.state().orElseThrow();
      assertThat(state.latest().checkpointId()).isEqualTo(2);
      assertThat(state.incompleteTables()).containsExactly(other.id());
      assertThat(state.resumeFrom().position()).isEqualTo(Marks.position(1));
      next.committer().commit(Marks.mark(1, 2), promised);
      next.committer().commit(Marks.mark(1, 2), promised);
      assertThat(next.checkpoints(table)).containsExactly(1L, 2L);
      assertThat(next.checkpoints(other)).containsExactly(1L, 2L);
      assertThat(next.rows(table)).containsExactlyInAnyOrder(row(2, "a"), row(1, "b"));
      assertThat(next.rows(other)).containsExactlyInAnyOrder(row(1, "o"), row(2, "o"));
      assertThat(table.announce(next.tables()).lakeTable().committedPosition())
          .as("nothing is missing any more")
          .isNull();
    }
  }

  @ParameterizedTest
  @MethodSource("io.firn.lake.kit.CatalogKind#inThisProcess")
  void tablesAheadIgnoreWhatTheyHaveWhenOnlyTheLakeIsLeft(CatalogKind kind) {
    TestTable table = new TestTable("t");
    TestTable other = new TestTable("other");
    try (Life life = Life.start(options(kind), 1)) {
      table.announce(life.tables());
      other.announce(life.tables());
      table.write(1, row(1, "a"));
      other.write(1, row(1, "o"));
      life.checkpoint(1, table.handOver(), other.handOver());
      table.write(2, row(2, "a"));
      other.write(2, row(2, "o"));
      life.commitOnly(2, life.prepare(2, table.handOver(), other.handOver()), table.id());
    }
    try (Life next = Life.start(options(kind), 2)) {
      assertThat(next.state().orElseThrow().resumeFrom().snapshotCompleted()).isTrue();
      assertThat(table.announce(next.tables()).lakeTable().committedPosition())
          .isEqualTo(Marks.position(2));
      assertThat(other.announce(next.tables()).lakeTable().committedPosition()).isNull();
      // The next checkpoint has what the other table lacked, and reaches one table only as well.
      table.write(2, 3, row(3, "a"));
      other.write(2, 3, row(2, "o"), row(3, "o"));
      next.commitOnly(3, next.prepare(3, table.handOver(), other.handOver()), table.id());
    }
    try (Life third = Life.start(options(kind), 3)) {
      assertThat(third.state().orElseThrow().latest().checkpointId()).isEqualTo(3);
      assertThat(third.state().orElseThrow().incompleteTables()).containsExactly(other.id());
      assertThat(third.state().orElseThrow().resumeFrom().position())
          .as("the other table lacks everything after checkpoint 1")
          .isEqualTo(Marks.position(1));
    }
  }

  @ParameterizedTest
  @MethodSource("io.firn.lake.kit.CatalogKind#inThisProcess")
  void aZombieIsRefusedAndDeletesNothing(CatalogKind kind) {
    Life zombie = Life.start(options(kind), 1);
    TestTable table = new TestTable("t").announce(zombie.tables());
    long file = table.write(1, row(1, "a"));
    zombie.checkpoint(1, table.handOver());
    table.write(2, row(2, "zombie"));
    List<TableCommit> late = zombie.prepare(2, table.handOver());
    try (zombie;
        Life next = Life.start(options(kind), 2)) {
      assertThat(next.state().orElseThrow().latest().checkpointId()).isEqualTo(1);
      assertThatThrownBy(() -> zombie.committer().commit(Marks.mark(1, 2), late))
          .isInstanceOf(FencedException.class);
      assertThatThrownBy(() -> zombie.tables().fence(1)).isInstanceOf(FencedException.class);
      TestTable taken = new TestTable("t").announce(next.tables());
      taken.supersede(file, 0);
      taken.write(2, 2, row(1, "b"));
      next.checkpoint(Marks.mark(2, 2), taken.handOver());
      assertThat(next.rows(taken)).containsExactly(row(1, "b"));
      assertThat(next.checkpoints(taken)).containsExactly(1L, 2L);
    }
  }

  @Test
  void aRestCatalogRefusesAllTablesIfOneWasTakenAfterTheLook() {
    LakeSinkOptions options = options(CatalogKind.REST);
    try (Life zombie = Life.start(options, 1)) {
      TestTable one = new TestTable("one").announce(zombie.tables());
      TestTable two = new TestTable("two").announce(zombie.tables());
      one.write(1, row(1, "a"));
      two.write(1, row(1, "a"));
      List<TableCommit> promised = zombie.prepare(1, one.handOver(), two.handOver());
      List<org.apache.iceberg.catalog.TableCommit> parts =
          TestCommitters.stage(zombie.tables(), Marks.mark(1, 1), promised);
      Life.start(options, 2).close();
      var rest = zombie.tables().catalog().rest().orElseThrow();
      assertThatThrownBy(() -> rest.commitTransaction(parts))
          .isInstanceOf(org.apache.iceberg.exceptions.CommitFailedException.class);
      assertThatThrownBy(() -> zombie.committer().commit(Marks.mark(1, 1), promised))
          .isInstanceOf(FencedException.class);
      assertThat(zombie.checkpoints(one)).isEmpty();
      assertThat(zombie.checkpoints(two)).isEmpty();
    }
  }

  @ParameterizedTest
  @MethodSource("io.firn.lake.kit.CatalogKind#inThisProcess")
  void anotherCheckpointThanTheTablesContinueFromIsRefused(CatalogKind kind) {
    List<TableCommit> stale;
    TestTable table = new TestTable("t");
    try (Life life = Life.start(options(kind), 1)) {
      table.announce(life.tables());
      table.write(1, row(1, "a"));
      life.checkpoint(1, table.handOver());
      table.write(2, row(2, "a"));
      stale = life.prepare(2, table.handOver());
    }
    try (Life next = Life.start(options(kind), 2)) {
      table.announce(next.tables());
      table.write(2, 2, row(3, "a"));
      next.checkpoint(Marks.mark(2, 2), table.handOver());
      assertThatThrownBy(() -> next.committer().commit(Marks.mark(1, 2), stale))
          .isInstanceOf(InconsistentStateException.class)
          .hasMessageContaining("checkpoint 2 of epoch 2");
      assertThat(next.checkpoints(table)).containsExactly(1L, 2L);
    }
  }

  @ParameterizedTest
  @MethodSource("io.firn.lake.kit.CatalogKind#inThisProcess")
  void sourceDescriptionsAreKeptWithOneStepOfHistory(CatalogKind kind) {
    TestTable table = new TestTable("t");
    TestTable quiet = new TestTable("quiet");
    try (Life life = Life.start(options(kind), 1)) {
      table.announce(life.tables());
      quiet.announce(life.tables());
      table.write(1, row(1, "a"));
      Map<TableId, String> first = Map.of(table.id(), "t1", quiet.id(), "q1");
      life.checkpoint(Marks.mark(1, 1, true, first), table.handOver());
      table.write(2, row(2, "a"));
      Map<TableId, String> second = Map.of(table.id(), "t2", quiet.id(), "q1");
      var mark = Marks.mark(1, 2, true, second);
      life.checkpoint(mark, table.handOver());
      assertThat(life.checkpoints(quiet)).as("only its description was new").containsExactly(1L);
    }
    try (Life next = Life.start(options(kind), 2)) {
      assertThat(next.state().orElseThrow().latest().source().tableSchemas())
          .containsEntry(table.id(), "t2")
          .containsEntry(quiet.id(), "q1");
      SnapshotInfo newest = next.reader().snapshotAt(table.id(), Marks.position(1)).orElseThrow();
      assertThat(newest.marker().orElseThrow().checkpointId()).isEqualTo(1);
      assertThat(next.rowsAt(table, newest.snapshotId())).containsExactly(row(1, "a"));
    }
  }
}
