package io.firn.lake.commit;

import static io.firn.lake.kit.TestTable.row;
import static org.assertj.core.api.Assertions.assertThat;

import io.firn.lake.LakeSink;
import io.firn.lake.LakeSinkOptions;
import io.firn.lake.compact.CompactionSettings;
import io.firn.lake.kit.CatalogKind;
import io.firn.lake.kit.Life;
import io.firn.lake.kit.TestTable;
import io.firn.lake.maintain.MaintenanceSettings;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OfflineMaintenanceTest {
  @TempDir Path directory;

  @Test
  void deleteFilesAreMerged() throws Exception {
    LakeSinkOptions options =
        CatalogKind.HADOOP
            .options(directory, null)
            .withTableProperties(Map.of("format-version", "2"))
            .withCompaction(new CompactionSettings(false, 0, 10, 0.9, 100, 1, 1, 3));
    TestTable orders = new TestTable("orders");
    try (Life life = Life.start(options, 1)) {
      orders.announce(life.tables());
      long one = orders.write(1, row(1, "a"), row(2, "a"), row(3, "a"), row(4, "a"));
      long other = orders.write(1, row(5, "a"), row(6, "a"), row(7, "a"), row(8, "a"));
      life.checkpoint(1, orders.handOver());
      for (long checkpoint = 2; checkpoint <= 4; checkpoint++) {
        orders.supersede(one, checkpoint - 2).supersede(other, checkpoint - 2);
        life.checkpoint(checkpoint, orders.handOver());
      }
    }
    try (LakeSink sink = new LakeSink(options)) {
      sink.open(TestTable.PIPELINE);
      assertThat(sink.maintenancePlan())
          .containsExactly("db.orders: merge 3 delete files of 1 partitions");
      sink.fence(2);
      sink.maintain();
    }
    try (Life life = Life.start(options, 3)) {
      assertThat(life.deleteFiles(orders)).hasSize(1);
      assertThat(life.rows(orders)).containsExactlyInAnyOrder(row(4, "a"), row(8, "a"));
    }
  }

  @Test
  void aStoppedPipelineIsCompactedAndTidiedUp() throws Exception {
    LakeSinkOptions options =
        CatalogKind.HADOOP
            .options(directory, null)
            .withCompaction(new CompactionSettings(false, 0, 4, 0.5, 1, 1, 1))
            .withMaintenance(
                new MaintenanceSettings(
                    true,
                    3,
                    true,
                    Duration.ofDays(1),
                    Duration.ofDays(1),
                    System::currentTimeMillis));
    TestTable orders = new TestTable("orders");
    try (Life life = Life.start(options, 1)) {
      orders.announce(life.tables());
      for (long checkpoint = 1; checkpoint <= 6; checkpoint++) {
        long file = orders.write(checkpoint, row(checkpoint, "n"), row(-checkpoint, "gone"));
        life.checkpoint(checkpoint, orders.handOver());
        if (checkpoint < 6) {
          orders.supersede(file, 1);
        }
      }
    }
    try (LakeSink sink = new LakeSink(options)) {
      sink.open(TestTable.PIPELINE);
      assertThat(sink.maintenancePlan())
          .satisfiesExactly(
              line -> assertThat(line).startsWith("db.orders: rewrite "),
              line -> assertThat(line).isEqualTo("db.orders: expire 3 snapshots"));
    }
    try (Life life = Life.start(options, 2)) {
      assertThat(life.reader().files(orders.id())).as("a plan changes nothing").hasSize(11);
    }
    try (LakeSink sink = new LakeSink(options)) {
      sink.open(TestTable.PIPELINE);
      sink.fence(3);
      sink.maintain();
      sink.open(TestTable.PIPELINE);
      assertThat(sink.maintenancePlan()).isEmpty();
    }
    try (Life life = Life.start(options, 4)) {
      assertThat(life.reader().files(orders.id())).as("a rewritten one, and one").hasSize(2);
      assertThat(life.rows(orders))
          .containsExactlyInAnyOrder(
              row(1, "n"),
              row(2, "n"),
              row(3, "n"),
              row(4, "n"),
              row(5, "n"),
              row(6, "n"),
              row(-6, "gone"));
      assertThat(life.reader().table(orders.id()).properties())
          .containsKey("firn.pending-repoints");
      assertThat(life.checkpoints(orders)).endsWith(6L);
    }
  }
}
