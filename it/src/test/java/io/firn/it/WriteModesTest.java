package io.firn.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.firn.it.check.LakeCheck;
import io.firn.it.process.FirnProcess;
import io.firn.it.process.Pipeline;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.Statement;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.apache.iceberg.data.Record;
import org.junit.jupiter.api.Test;

/** History, soft-delete and change logs with a real server: what they say is what was there. */
class WriteModesTest {
  private static final int ROWS = 200;

  @Test
  void historyShowsTheSourceAsItWasAndSoftDeleteKeepsWhatWasDeleted() throws Exception {
    Source.Shop shop = Source.shop("write-modes", ROWS);
    String database = shop.pipeline().database();
    Pipeline pipeline =
        shop.pipeline()
            .partitionedBy("bucket[2](id)")
            .sinkSetting("compaction.min-input-files", "2")
            .sinkSetting(
                "write.mode",
                database + ".orders:history;" + database + ".order_lines:soft-delete");
    String use = "USE " + database;
    Firn.catchUp(pipeline);
    Kept read = keep(pipeline);
    shop.workload().change(ROWS);
    Firn.catchUp(pipeline);
    shop.workload().change(ROWS);
    pipeline.server().execute(use, "UPDATE orders SET id = -id ORDER BY id LIMIT 5");
    Kept changed = keep(pipeline);
    pipeline
        .server()
        .execute(use, "DELETE FROM orders LIMIT 50", "DELETE FROM order_lines LIMIT 9");
    Firn.catchUp(pipeline);
    LakeCheck.assertMirrors(pipeline);
    pipeline.server().execute(use, "TRUNCATE order_lines", "TRUNCATE orders");
    shop.workload().addColumn("INT NOT NULL DEFAULT 7");
    Firn.catchUp(pipeline);
    LakeCheck.assertMirrors(pipeline);
    FirnProcess.start(FirnProcess.Options.of(pipeline), "verify", pipeline.write().toString())
        .expectExit(0, Firn.LIMIT_SECONDS);

    assertThat(statusAt(pipeline, read.time())).isEqualTo(read.status());
    assertThat(statusAt(pipeline, changed.time())).isEqualTo(changed.status());
    List<Boolean> deleted =
        TableReader.rows(pipeline, "order_lines", row -> (Boolean) row.getField("_firn_deleted"));
    assertThat(deleted).hasSizeGreaterThanOrEqualTo(read.lines()).containsOnly(true);
    Set<OffsetDateTime> times = new TreeSet<>();
    times.addAll(
        TableReader.rows(
            pipeline, "order_lines", row -> (OffsetDateTime) row.getField("_firn_deleted_at")));
    assertThat(times).allMatch(time -> time.toInstant().isAfter(read.time()));
  }

  @Test
  void anotherModeOfAnExistingTableIsRefusedAndChangeLogsCanLackBeforeImages() throws Exception {
    Source.Shop shop = Source.shop("append-mode", 100);
    String orders = shop.pipeline().database() + ".orders:";
    Pipeline pipeline = shop.pipeline().sinkSetting("write.mode", orders + "append-after");
    Firn.catchUp(pipeline);
    String use = "USE " + pipeline.database();
    pipeline
        .server()
        .execute(use, "UPDATE orders SET status = 'x' LIMIT 10", "DELETE FROM orders LIMIT 3");
    Firn.catchUp(pipeline);
    Map<String, Integer> operations = new HashMap<>();
    TableReader.rows(pipeline, "orders", row -> row.getField("_firn_op").toString())
        .forEach(operation -> operations.merge(operation, 1, Integer::sum));
    assertThat(operations).isEqualTo(Map.of("INSERT", 60, "UPDATE_AFTER", 10, "DELETE", 3));

    pipeline.server().execute(use, "UPDATE orders SET status = 'y' LIMIT 1");
    String output = Firn.fail(pipeline.sinkSetting("write.mode", orders + "history"), 2);
    assertThat(output).contains("'append-after'").contains("'history'");
  }

  /** The orders at a moment, and how many lines there were. */
  private record Kept(Instant time, Map<Long, String> status, int lines) {}

  private static Kept keep(Pipeline pipeline) throws Exception {
    Map<Long, String> status = new HashMap<>();
    int lines;
    Instant time;
    // Commit times are those of the server's clock, and so must this one be.
    Thread.sleep(1_100);
    try (Connection connection = pipeline.server().connect();
        Statement statement = connection.createStatement()) {
      try (ResultSet rows =
          statement.executeQuery("SELECT id, status FROM " + pipeline.database() + ".orders")) {
        while (rows.next()) {
          status.put(rows.getLong(1), rows.getString(2));
        }
      }
      try (ResultSet row =
          statement.executeQuery(
              "SELECT TIMESTAMPDIFF(MICROSECOND, '1970-01-01', UTC_TIMESTAMP(6)), COUNT(*) FROM "
                  + pipeline.database()
                  + ".order_lines")) {
        row.next();
        time = Instant.EPOCH.plusNanos(row.getLong(1) * 1_000);
        lines = row.getInt(2);
      }
    }
    Thread.sleep(1_100);
    return new Kept(time, status, lines);
  }

  private static Map<Long, String> statusAt(Pipeline pipeline, Instant time) throws Exception {
    Map<Long, String> status = new HashMap<>();
    List<Object> twice = new ArrayList<>();
    TableReader.rows(
        pipeline,
        "orders",
        row -> {
          if (isValidAt(row, time)
              && status.put((Long) row.getField("id"), row.getField("status").toString()) != null) {
            twice.add(row.getField("id"));
          }
          return row;
        });
    assertThat(twice).isEmpty();
    return status;
  }

  private static boolean isValidAt(Record row, Instant time) {
    OffsetDateTime from = (OffsetDateTime) row.getField("_firn_valid_from");
    OffsetDateTime to = (OffsetDateTime) row.getField("_firn_valid_to");
    return !from.toInstant().isAfter(time) && (to == null || to.toInstant().isAfter(time));
  }
}
