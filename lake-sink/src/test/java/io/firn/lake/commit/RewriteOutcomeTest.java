package io.firn.lake.commit;

import static io.firn.lake.kit.TestTable.row;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.firn.lake.LakeSinkOptions;
import io.firn.lake.catalog.LakeCatalog;
import io.firn.lake.compact.CompactionSettings;
import io.firn.lake.kit.FaultyCatalog;
import io.firn.lake.kit.FaultyCatalog.Fault;
import io.firn.lake.kit.Life;
import io.firn.lake.kit.Marks;
import io.firn.lake.kit.TestTable;
import io.firn.lake.maintain.Background;
import io.firn.lake.read.LakeReader;
import io.firn.model.error.CommitOutcomeUnknownException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What a compaction makes of a catalog that lies, loses replies, or lags. */
class RewriteOutcomeTest {
  private final FaultyCatalog catalog = new FaultyCatalog();
  private final LakeSinkOptions options =
      LakeSinkOptions.of(Map.of())
          .withTableProperties(
              Map.of("commit.retry.min-wait-ms", "1", "commit.retry.max-wait-ms", "2"))
          .withCompaction(new CompactionSettings(true, 0, 2, 0.9, 100, 1, 1));
  private final TestTable table = new TestTable("t");

  private Life life(long epoch) {
    catalog.heal();
    return Life.start(options, LakeCatalog.of(catalog), epoch);
  }

  /** Two files that are rewritten, with a row superseded since: the commit has a vector as well. */
  private LakeCommitter rewritten(Life life) {
    LakeCommitter committer =
        new LakeCommitter(
            life.tables(), attempt -> {}, options, Background.inline(System::nanoTime));
    table.announce(life.tables());
    table.lakeTable().files().relocations().join(1);
    table.lakeTable().files().relocations().ready(0, 1);
    long file = table.write(1, row(1, "a"), row(2, "a"));
    checkpoint(committer, 1);
    table.write(2, row(3, "a"));
    checkpoint(committer, 2);
    assertThat(committer.maintain()).as("begun").isFalse();
    table.supersede(file, 0);
    table.write(3, row(1, "b"));
    checkpoint(committer, 3);
    return committer;
  }

  private void checkpoint(LakeCommitter committer, long id) {
    committer.commit(
        Marks.mark(1, id), committer.prepare(Marks.mark(1, id), List.of(table.handOver())));
  }

  private long compactions(Life life) {
    return life.reader().snapshots(table.id()).stream()
        .map(LakeReader.SnapshotInfo::firnOperation)
        .filter(operation -> operation.filter("compaction"::equals).isPresent())
        .count();
  }

  private void requireRows(Life life) {
    assertThat(life.rows(table)).containsExactlyInAnyOrder(row(2, "a"), row(3, "a"), row(1, "b"));
  }

  @ParameterizedTest
  @EnumSource(
      value = Fault.class,
      names = {"NONE", "LANDS_AND_SAYS_.*", "LOST_AND_SAYS_FAILED"},
      mode = EnumSource.Mode.MATCH_ANY)
  void whatLandedIsKeptWhateverTheCatalogSays(Fault fault) {
    try (Life life = life(1)) {
      LakeCommitter committer = rewritten(life);
      catalog.plan(fault);
      assertThat(committer.maintain()).isTrue();
      assertThat(compactions(life)).isEqualTo(1);
      requireRows(life);
      // The index knows the row by its old place.
      table.supersede(1, 1);
      checkpoint(committer, 4);
      assertThat(life.rows(table)).containsExactlyInAnyOrder(row(3, "a"), row(1, "b"));
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = Fault.class,
      names = {"LANDS_AND_SAYS_.*"},
      mode = EnumSource.Mode.MATCH_ANY)
  void nothingIsDeletedOnTheWordOfACatalogThatLags(Fault fault) {
    try (Life life = life(1)) {
      LakeCommitter committer = rewritten(life);
      catalog.plan(fault);
      catalog.beforeNextCommit(() -> catalog.lag(3));
      assertThat(committer.maintain()).isTrue();
      assertThat(compactions(life)).isEqualTo(1);
      requireRows(life);
    }
  }

  @Test
  void anOldVersionOfTheTableIsNotBuiltUpon() {
    try (Life life = life(1)) {
      LakeCommitter committer = rewritten(life);
      catalog.lag(2);
      assertThat(committer.maintain()).isTrue();
      assertThat(compactions(life)).isEqualTo(1);
      requireRows(life);
      catalog.lag(1);
      table.supersede(1, 1);
      checkpoint(committer, 4);
      assertThat(life.rows(table)).containsExactlyInAnyOrder(row(3, "a"), row(1, "b"));
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = Fault.class,
      names = {".*CANNOT_BE_READ_BACK", "LOST_AND_SAYS_UNKNOWN", "LOST_AND_SAYS_ERROR"},
      mode = EnumSource.Mode.MATCH_ANY)
  void anOutcomeThatNobodyKnowsEndsTheLifeAndNoFile(Fault fault) {
    try (Life life = life(1)) {
      LakeCommitter committer = rewritten(life);
      catalog.plan(fault);
      assertThatThrownBy(committer::maintain)
          .isInstanceOf(CommitOutcomeUnknownException.class)
          .hasMessageContaining("no file may be deleted");
    }
    try (Life next = life(2)) {
      assertThat(compactions(next)).isEqualTo(fault.name().startsWith("LANDS") ? 1 : 0);
      requireRows(next);
    }
  }
}
