package io.firn.lake.commit;

import static io.firn.lake.kit.TestTable.row;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.firn.lake.LakeSink;
import io.firn.lake.LakeSinkOptions;
import io.firn.lake.catalog.LakeCatalog;
import io.firn.lake.kit.FaultyCatalog;
import io.firn.lake.kit.FaultyCatalog.Fault;
import io.firn.lake.kit.Life;
import io.firn.lake.kit.Marks;
import io.firn.lake.kit.TestTable;
import io.firn.lake.maintain.Background;
import io.firn.lake.write.WriterSettings;
import io.firn.model.error.CommitOutcomeUnknownException;
import io.firn.model.error.ConfigurationException;
import io.firn.model.error.FencedException;
import io.firn.model.error.FirnException;
import io.firn.model.error.InconsistentStateException;
import io.firn.model.error.RetryableException;
import io.firn.model.row.Row;
import io.firn.model.schema.Column;
import io.firn.model.schema.TableSchema;
import io.firn.model.sink.Committer.TableCommit;
import io.firn.model.sink.TableState;
import io.firn.model.stream.SchemaChange;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.apache.iceberg.exceptions.ForbiddenException;
import org.apache.iceberg.types.Types;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the committer makes of a catalog that lies, loses replies, or is down. */
class CommitOutcomeTest {
  private final FaultyCatalog catalog = new FaultyCatalog();
  private final LakeSinkOptions options = IMPATIENT;

  private static final LakeSinkOptions IMPATIENT =
      LakeSinkOptions.of(Map.of())
          .withTableProperties(
              Map.of("commit.retry.min-wait-ms", "1", "commit.retry.max-wait-ms", "2"));

  private Life life(long epoch) {
    catalog.heal();
    return Life.start(options, LakeCatalog.of(catalog), epoch);
  }

  @ParameterizedTest
  @EnumSource(
      value = Fault.class,
      names = {".*CANNOT_BE_READ_BACK"},
      mode = EnumSource.Mode.MATCH_NONE)
  void aFaultyCommitEndsAsExactlyOneSnapshot(Fault fault) {
    try (Life life = life(1)) {
      TestTable table = new TestTable("t").announce(life.tables());
      long file = table.write(1, row(1, "a"), row(2, "a"));
      life.checkpoint(1, table.handOver());
      table.supersede(file, 0);
      table.write(2, row(1, "b"));
      List<TableCommit> prepared = life.prepare(2, table.handOver());
      catalog.plan(fault);
      life.committer().commit(Marks.mark(1, 2), prepared);
      assertThat(life.checkpoints(table)).containsExactly(1L, 2L);
      assertThat(life.rows(table)).containsExactlyInAnyOrder(row(2, "a"), row(1, "b"));
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = Fault.class,
      names = {".*CANNOT_BE_READ_BACK"},
      mode = EnumSource.Mode.MATCH_ALL)
  void anOutcomeThatNobodyKnowsIsSaidToBeUnknownAndFoundOutLater(Fault fault) {
    TestTable table = new TestTable("t");
    List<TableCommit> prepared;
    try (Life life = life(1)) {
      table.announce(life.tables());
      long file = table.write(1, row(1, "a"), row(2, "a"));
      life.checkpoint(1, table.handOver());
      table.supersede(file, 0);
      table.write(2, row(1, "b"));
      prepared = life.prepare(2, table.handOver());
      catalog.plan(fault);
      assertThatThrownBy(() -> life.committer().commit(Marks.mark(1, 2), prepared))
          .isInstanceOf(CommitOutcomeUnknownException.class)
          .hasMessageContaining("no file may be deleted");
    }
    try (Life next = life(2)) {
      next.committer().commit(Marks.mark(1, 2), prepared);
      assertThat(next.checkpoints(table)).containsExactly(1L, 2L);
      assertThat(next.rows(table)).containsExactlyInAnyOrder(row(2, "a"), row(1, "b"));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"before preparing", "before committing", "after committing"})
  void aCatalogThatShowsAnOlderVersionIsAskedAgain(String when) {
    try (Life life = life(1)) {
      TestTable table = new TestTable("t").announce(life.tables());
      long file = table.write(1, row(1, "a"), row(2, "a"));
      life.checkpoint(1, table.handOver());
      table.supersede(file, 0);
      table.write(2, row(1, "b"));
      catalog.lag(when.equals("before preparing") ? 1 : 0);
      List<TableCommit> prepared = life.prepare(2, table.handOver());
      if (when.equals("before committing")) {
        catalog.lag(1);
      } else if (when.equals("after committing")) {
        catalog.beforeNextCommit(() -> catalog.lag(1));
      }
      life.committer().commit(Marks.mark(1, 2), prepared);
      assertThat(life.checkpoints(table)).containsExactly(1L, 2L);
      assertThat(life.rows(table)).containsExactlyInAnyOrder(row(2, "a"), row(1, "b"));
    }
  }

  /** Iceberg deletes the manifests of a commit that it believes to have failed. */
  @ParameterizedTest
  @ValueSource(ints = {1, 3, 6, 20})
  void aCommitThatLandedAndIsCalledFailedIsFoundThoughTheCatalogLags(int answers) {
    try (Life life = life(1)) {
      TestTable table = new TestTable("t").announce(life.tables());
      long file = table.write(1, row(1, "a"), row(2, "a"));
      life.checkpoint(1, table.handOver());
      table.supersede(file, 0);
      table.write(2, row(1, "b"));
      List<TableCommit> prepared = life.prepare(2, table.handOver());
      catalog.plan(Fault.LANDS_AND_SAYS_FAILED);
      catalog.beforeNextCommit(() -> catalog.lag(answers));
      life.committer().commit(Marks.mark(1, 2), prepared);
      catalog.lag(0);
      assertThat(life.checkpoints(table)).containsExactly(1L, 2L);
      assertThat(life.rows(table)).containsExactlyInAnyOrder(row(2, "a"), row(1, "b"));
    }
  }

  /** What is in nobody's way is sent again; that it comes from somebody else's change, is seen. */
  @Test
  void aRealConflictIsStillAConflict() {
    try (Life life = life(1)) {
      TestTable table = new TestTable("t").announce(life.tables());
      table.write(1, row(1, "a"));
      life.checkpoint(1, table.handOver());
      table.write(2, row(2, "b"));
      List<TableCommit> prepared = life.prepare(2, table.handOver());
      catalog.beforeNextCommit(
          () -> life.reader().table(table.id()).newFastAppend().set("by", "another").commit());
      int before = catalog.commits();
      life.committer().commit(Marks.mark(1, 2), prepared);
      assertThat(catalog.commits() - before).as("theirs, ours refused, ours").isEqualTo(3);
      assertThat(life.rows(table)).containsExactlyInAnyOrder(row(1, "a"), row(2, "b"));
    }
  }

  @Test
  void aCatalogThatFailsRightAfterItCreatedATableIsSomethingToRetry() {
    try (Life life = life(1)) {
      catalog.beforeNextCommit(() -> catalog.failReads(1));
      assertThatThrownBy(() -> new TestTable("t").announce(life.tables()))
          .isInstanceOf(RetryableException.class);
    }
    try (Life next = life(2)) {
      TestTable table = new TestTable("t").announce(next.tables());
      table.write(1, row(1, "a"));
      next.checkpoint(1, table.handOver());
      assertThat(next.rows(table)).containsExactly(row(1, "a"));
    }
  }

  @Test
  void aTableThatSeemsToHaveLostACheckpointAtTheStartIsLookedAtAgain() {
    TestTable table = new TestTable("t");
    List<TableState> promised;
    try (Life life = life(1)) {
      table.announce(life.tables());
      table.write(1, row(1, "a"));
      life.checkpoint(1, table.handOver());
      promised = life.committer().tables();
    }
    try (LakeSink sink = sink()) {
      catalog.lag(1);
      sink.open(TestTable.PIPELINE);
      assertThatThrownBy(() -> sink.requireTables(promised))
          .isInstanceOf(RetryableException.class)
          .hasMessageContaining("older version");
      sink.open(TestTable.PIPELINE);
      sink.requireTables(promised);
      catalog.lag(1_000);
      sink.open(TestTable.PIPELINE);
      assertThatThrownBy(() -> sink.requireTables(promised))
          .isInstanceOf(InconsistentStateException.class)
          .hasMessageContaining("checkpoint 1 was committed to it");
    }
  }

  private LakeSink sink() {
    return new LakeSink(
        options,
        WriterSettings.DEFAULT,
        () -> LakeCatalog.of(catalog),
        attempt -> {},
        Background.threads());
  }

  /** Where a fence is a snapshot, it carries the newest marker on, and that must be the newest. */
  @Test
  void aCheckpointThatIsCommittedWhileSomebodyTakesPossessionIsNotForgotten() {
    TestTable table = new TestTable("t");
    try (Life life = life(1)) {
      table.announce(life.tables());
      table.write(1, row(1, "a"));
      life.checkpoint(1, table.handOver());
      table.write(2, row(2, "a"));
      List<TableCommit> prepared = life.prepare(2, table.handOver());
      catalog.beforeNextCommit(() -> life.committer().commit(Marks.mark(1, 2), prepared));
      assertThatThrownBy(() -> Life.start(options, LakeCatalog.of(catalog), 2))
          .isInstanceOf(RetryableException.class)
          .hasMessageContaining("came late");
    }
    try (Life next = life(3)) {
      assertThat(next.state().orElseThrow().latest().checkpointId()).isEqualTo(2);
      assertThat(next.rows(table)).containsExactlyInAnyOrder(row(1, "a"), row(2, "a"));
    }
  }

  @Test
  void aCatalogThatStaysBehindIsSomethingToRetryLater() {
    try (Life life = life(1)) {
      TestTable table = new TestTable("t").announce(life.tables());
      long file = table.write(1, row(1, "a"));
      life.checkpoint(1, table.handOver());
      table.supersede(file, 0);
      catalog.lag(1_000);
      assertThatThrownBy(() -> life.prepare(2, table.handOver()))
          .isInstanceOf(RetryableException.class)
          .hasMessageContaining("it already had 1");
    }
  }

  @Test
  void aCatalogThatKeepsRefusingLeavesItUnknownWhatHappened() {
    try (Life life = life(1)) {
      TestTable table = new TestTable("t").announce(life.tables());
      table.write(1, row(1, "a"));
      List<TableCommit> prepared = life.prepare(1, table.handOver());
      Fault[] many = new Fault[200];
      java.util.Arrays.fill(many, Fault.LOST_AND_SAYS_FAILED);
      catalog.plan(many);
      // Nothing shows that the commits did not land.
      assertThatThrownBy(() -> life.committer().commit(Marks.mark(1, 1), prepared))
          .isInstanceOf(CommitOutcomeUnknownException.class)
          .hasMessageContaining("no file may be deleted");
      catalog.heal();
      life.committer().commit(Marks.mark(1, 1), prepared);
      assertThat(life.rows(table)).containsExactly(row(1, "a"));
    }
  }

  @Test
  void aCommitThatTheCatalogForbidsIsNotTriedAgainAndAgain() {
    try (Life life = life(1)) {
      TestTable table = new TestTable("t").announce(life.tables());
      table.write(1, row(1, "a"));
      List<TableCommit> prepared = life.prepare(1, table.handOver());
      catalog.beforeNextCommit(
          () -> {
            throw new ForbiddenException("no right to write to t");
          });
      int before = catalog.commits();
      assertThatThrownBy(() -> life.committer().commit(Marks.mark(1, 1), prepared))
          .isInstanceOf(ConfigurationException.class)
          .hasMessageContaining("no right to write to t");
      assertThat(catalog.commits()).isEqualTo(before);
      life.committer().commit(Marks.mark(1, 1), prepared);
      assertThat(life.rows(table)).containsExactly(row(1, "a"));
    }
  }

  @Test
  void possessionTakenBetweenTheLastLookAndTheCommitWins() {
    try (Life zombie = life(1)) {
      TestTable table = new TestTable("t").announce(zombie.tables());
      table.write(1, row(1, "a"));
      zombie.checkpoint(1, table.handOver());
      table.write(2, row(2, "zombie"));
      List<TableCommit> late = zombie.prepare(2, table.handOver());
      catalog.beforeNextCommit(() -> life(2));
      assertThatThrownBy(() -> zombie.committer().commit(Marks.mark(1, 2), late))
          .isInstanceOf(FencedException.class);
      assertThat(zombie.checkpoints(table)).containsExactly(1L);
    }
  }

  @Test
  void foreignAppendsAreToleratedAndKept() {
    try (Life life = life(1)) {
      TestTable table = new TestTable("t").announce(life.tables());
      long file = table.write(1, row(1, "a"));
      life.checkpoint(1, table.handOver());
      table.write(9, row(77, "foreign"));
      var foreignFile = table.handOver().dataFiles().get(0);
      table.supersede(file, 0);
      table.write(2, row(1, "b"));
      List<TableCommit> prepared = life.prepare(2, table.handOver());
      var foreign = life.reader().table(table.id());
      foreign.newAppend().appendFile(foreignFile).commit();
      life.committer().commit(Marks.mark(1, 2), prepared);
      assertThat(life.rows(table)).containsExactlyInAnyOrder(row(1, "b"), row(77, "foreign"));
      table.write(3, row(2, "c"));
      life.checkpoint(3, table.handOver());
      assertThat(life.rows(table)).hasSize(3);
    }
  }

  @Test
  void columnsOfOthersHinderNewColumnsOnly() {
    try (Life life = life(1)) {
      TestTable table = new TestTable("t").announce(life.tables());
      table.write(1, row(1, "a"));
      life.checkpoint(1, table.handOver());
      table.truncate().change(new SchemaChange.TruncateTable(table.schema(), table.origin("v1")));
      List<TableCommit> truncation = life.prepare(2, table.handOver());
      addForeignColumn(life, table, "theirs");
      life.committer().commit(Marks.mark(1, 2), truncation);
      assertThat(life.rows(table)).isEmpty();
      TableSchema wider =
          new TableSchema(
              table.id(),
              List.of(
                  table.schema().columns().get(0),
                  table.schema().columns().get(1),
                  Column.of("score", Types.LongType.get(), true)),
              List.of("id"));
      table.change(new SchemaChange.AddColumns(wider, List.of("score"), table.origin("v2")));
      List<TableCommit> addition = life.prepare(3, table.handOver());
      addForeignColumn(life, table, "also_theirs");
      assertThatThrownBy(() -> life.committer().commit(Marks.mark(1, 3), addition))
          .isInstanceOf(InconsistentStateException.class)
          .hasMessageContaining("somebody else added columns meanwhile");
    }
  }

  private static void addForeignColumn(Life life, TestTable table, String name) {
    life.reader().table(table.id()).updateSchema().addColumn(name, Types.StringType.get()).commit();
  }

  @Test
  void foreignDeletesOfTheSameRowsAreRefused() {
    try (Life life = life(1)) {
      TestTable table = new TestTable("t").announce(life.tables());
      long file = table.write(1, row(1, "a"), row(2, "a"));
      life.checkpoint(1, table.handOver());
      table.supersede(file, 0);
      List<TableCommit> prepared = life.prepare(2, table.handOver());
      life.reader()
          .table(table.id())
          .newDelete()
          .deleteFromRowFilter(org.apache.iceberg.expressions.Expressions.alwaysTrue())
          .commit();
      assertThatThrownBy(() -> life.committer().commit(Marks.mark(1, 2), prepared))
          .isInstanceOf(io.firn.model.error.InconsistentStateException.class)
          .hasMessageContaining("somebody else changed the table");
    }
  }

  @Test
  void theMarkerOutlivesTheExpiryOfAllItsSnapshots() {
    TestTable table = new TestTable("t");
    try (Life life = life(1)) {
      table.announce(life.tables());
      table.write(1, row(1, "a"));
      life.checkpoint(1, table.handOver());
      table.write(9, row(77, "foreign"));
      var foreign = life.reader().table(table.id());
      foreign.newAppend().appendFile(table.handOver().dataFiles().get(0)).commit();
      foreign.expireSnapshots().expireOlderThan(Long.MAX_VALUE).retainLast(1).commit();
      assertThat(life.reader().snapshots(table.id())).hasSize(1);
      assertThat(life.checkpoints(table)).isEmpty();
    }
    try (Life next = life(2)) {
      assertThat(next.state().orElseThrow().latest().checkpointId()).isEqualTo(1);
      table.announce(next.tables());
      table.write(2, 2, row(2, "b"));
      next.checkpoint(Marks.mark(2, 2), table.handOver());
      assertThat(next.rows(table)).hasSize(3);
    }
  }

  @Test
  void randomFaultsNeverLoseOrDuplicateARow() {
    for (int seed = 0; seed < 15; seed++) {
      new FaultRun(seed).run();
    }
  }

  /** Eight checkpoints of one table under random faults, restarting whenever a commit fails. */
  private static final class FaultRun {
    private final long seed;
    private final Random random;
    private final FaultyCatalog catalog = new FaultyCatalog();
    private final TestTable table = new TestTable("t");
    private final List<Row> expected = new ArrayList<>();

    FaultRun(long seed) {
      this.seed = seed;
      this.random = new Random(seed);
    }

    void run() {
      long epoch = 1;
      Life life = start(epoch);
      List<Long> checkpoints = new ArrayList<>();
      for (int n = 1; n <= 8; n++) {
        long file = table.write(epoch, n, row(n, "x"), row(-n, "dead"));
        table.supersede(file, 1);
        var mark = Marks.mark(epoch, n);
        List<TableCommit> promised = life.committer().prepare(mark, List.of(table.handOver()));
        Fault[] all = Fault.values();
        Fault[] plan = new Fault[random.nextInt(4)];
        for (int i = 0; i < plan.length; i++) {
          plan[i] = all[random.nextInt(all.length)];
        }
        catalog.plan(plan);
        try {
          life.committer().commit(mark, promised);
        } catch (FirnException e) {
          life.close();
          life = start(++epoch);
          life.committer().commit(mark, promised);
          table.announce(life.tables());
        }
        expected.add(row(n, "x"));
        checkpoints.add((long) n);
        assertThat(life.checkpoints(table)).as("seed=%d", seed).isEqualTo(checkpoints);
      }
      assertThat(life.rows(table))
          .as("seed=%d", seed)
          .containsExactlyInAnyOrderElementsOf(expected);
      life.close();
    }

    private Life start(long epoch) {
      catalog.heal();
      Life life = Life.start(IMPATIENT, LakeCatalog.of(catalog), epoch);
      if (epoch == 1) {
        table.announce(life.tables());
      }
      return life;
    }
  }
}
