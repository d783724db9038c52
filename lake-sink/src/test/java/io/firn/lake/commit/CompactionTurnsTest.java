package io.firn.lake.commit;

import static io.firn.lake.kit.TestTable.row;
import static org.assertj.core.api.Assertions.assertThat;

import io.firn.lake.LakeSinkOptions;
import io.firn.lake.catalog.LakeCatalog;
import io.firn.lake.compact.CompactionSettings;
import io.firn.lake.kit.FaultyCatalog;
import io.firn.lake.kit.Life;
import io.firn.lake.kit.Marks;
import io.firn.lake.kit.TestTable;
import io.firn.lake.maintain.Background;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class CompactionTurnsTest {
  private final LakeSinkOptions options =
      LakeSinkOptions.of(Map.of())
          .withCompaction(new CompactionSettings(true, 0, 2, 0.9, 100, 1, 1));
  private final TestTable busy = new TestTable("a");
  private final TestTable other = new TestTable("b");

  @Test
  void aTableThatAlwaysHasWorkLeavesSomeOfTheTimeToOthers() {
    try (Life life = Life.start(options, LakeCatalog.of(new FaultyCatalog()), 1)) {
      LakeCommitter committer =
          new LakeCommitter(
              life.tables(), attempt -> {}, options, Background.inline(System::nanoTime));
      for (TestTable table : List.of(busy, other)) {
        table.announce(life.tables());
        table.lakeTable().files().relocations().join(1);
        table.lakeTable().files().relocations().ready(0, 1);
      }
      for (long checkpoint = 1; checkpoint <= 4; checkpoint++) {
        busy.write(checkpoint, row(checkpoint, "a"));
        other.write(checkpoint, row(checkpoint, "b"));
        committer.commit(
            Marks.mark(1, checkpoint),
            committer.prepare(
                Marks.mark(1, checkpoint), List.of(busy.handOver(), other.handOver())));
        // No more than one piece of work between two checkpoints.
        committer.maintain();
      }
      assertThat(compactions(life, busy)).isPositive();
      assertThat(compactions(life, other)).isPositive();
    }
  }

  private static long compactions(Life life, TestTable table) {
    return life.reader().snapshots(table.id()).stream()
        .filter(snapshot -> snapshot.firnOperation().filter("compaction"::equals).isPresent())
        .count();
  }
}
