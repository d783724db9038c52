package io.firn.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.firn.testservers.MariaDbServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

/** The commands on a real server, in the order in which somebody would use them. */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class PipelineOnMariaDbTest {
  @TempDir static Path directory;

  private static MariaDbServer server;
  private static Path file;
  private static Path log;

  @BeforeAll
  static void start() throws IOException {
    server = MariaDbServer.start();
    server.execute(
        "CREATE DATABASE shop CHARACTER SET utf8mb4",
        "USE shop",
        "CREATE TABLE shop.orders (id INT PRIMARY KEY, amount DECIMAL(10,2), note VARCHAR(50),"
            + " ordered_at DATETIME(6) NOT NULL)",
        "CREATE TABLE shop.visits (page VARCHAR(50), seconds INT)",
        "CREATE TABLE shop.stock_1 (sku VARCHAR(10) PRIMARY KEY, pieces INT NOT NULL)",
        "CREATE TABLE shop.stock_2 (sku VARCHAR(10) PRIMARY KEY, pieces INT NOT NULL)",
        "INSERT INTO shop.orders SELECT seq, seq / 3, CONCAT('größe ', seq),"
            + " '2026-01-01' + INTERVAL seq HOUR FROM seq_1_to_500",
        "INSERT INTO shop.visits SELECT CONCAT('/', seq % 10), seq % 3 FROM seq_1_to_200",
        "INSERT INTO shop.stock_1 SELECT CONCAT('a', seq), seq FROM seq_1_to_50",
        "INSERT INTO shop.stock_2 SELECT CONCAT('a', seq), seq * 2 FROM seq_1_to_50");
    file = directory.resolve("orders.yaml");
    log = directory.resolve("firn.log");
    Files.writeString(
        file,
        """
        source:
          type: mariadb
          hostname: 127.0.0.1
          port: PORT
          username: USER
          password: ${env:PASSWORD}
          tables: shop.\\.*
        transform:
          - source-table: shop.orders
            projection: id, amount, UPPER(note) AS note, ordered_at
            filter: id <> 13
            table-options: write.parquet.compression-codec=gzip
          - source-table: shop.stock_\\.*
            projection: __table_name__ AS shelf, \\*
            primary-keys: shelf, sku
        route:
          - source-table: shop.stock_\\.*
            sink-table: shop.stock
        sink:
          type: iceberg
          catalog.properties.type: jdbc
          catalog.properties.uri: jdbc:sqlite:DIRECTORY/catalog.db
          catalog.properties.warehouse: DIRECTORY/warehouse
          partition.key: shop.orders:month(ordered_at)
        pipeline:
          name: orders
          parallelism: 2
          checkpoint.interval: 1s
          checkpoint.directory: DIRECTORY/checkpoints
          state.directory: DIRECTORY/state
        """
            .replace("PORT", Integer.toString(server.port()))
            .replace("USER", server.cdc().user())
            .replace("DIRECTORY", directory.toString()));
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  private static CommandKit.Outcome firn(Object... args) {
    return CommandKit.run(Map.of("PASSWORD", server.cdc().password()), args);
  }

  @Test
  @Order(1)
  void planShowsTargetsKeysPartitionsAndTasks() {
    CommandKit.Outcome outcome = firn("plan", file);
    assertThat(outcome.code()).as(outcome.err()).isZero();
    assertThat(outcome.out())
        .contains("table shop.orders", "key id", "partitioned by month(ordered_at)")
        .contains("table shop.stock\n", "from shop.stock_1", "key shelf, sku")
        .contains("table shop.visits", "key none: changes are appended")
        .contains("2 x sink writer", "key groups 64 to 127")
        .doesNotContain(server.cdc().password());
    assertThat(directory.resolve("catalog.db")).doesNotExist();
    assertThat(directory.resolve("state")).doesNotExist();
  }

  @Test
  @Order(2)
  void runUntilCaughtUpEndsWithEverythingInTheLake() throws IOException {
    CommandKit.Outcome run = firn("run", file, "--until-caught-up", "--log-file", log);
    assertThat(run.code()).as(run.err()).isZero();
    assertThat(run.out()).contains("Done: 800 rows read");
    CommandKit.Outcome verify = firn("verify", file, "--wait", "5", "--log-file", log);
    assertThat(verify.code()).as(verify.out() + verify.err()).isZero();
    assertThat(verify.out())
        .contains("shop.orders: equal (499 rows at the source, 499 in the lake)")
        .contains("shop.stock: equal (100 rows at the source, 100 in the lake)")
        .contains("shop.visits: equal (200 rows at the source, 200 in the lake)")
        .contains("Equal: 3 tables, 799 rows.");
    assertThat(metadata("orders")).contains("\"gzip\"");
    assertThat(metadata("stock")).doesNotContain("\"gzip\"");
  }

  private static String metadata(String table) throws IOException {
    Path metadata = directory.resolve("warehouse/shop/" + table + "/metadata");
    try (Stream<Path> files = Files.list(metadata)) {
      Path first = files.filter(f -> f.toString().endsWith(".json")).sorted().findFirst().get();
      return Files.readString(first);
    }
  }

  @Test
  @Order(3)
  void changesOfEveryKindFollow() {
    server.execute(
        "UPDATE shop.orders SET note = 'changed' WHERE id < 100",
        "UPDATE shop.orders SET id = id + 1000 WHERE id > 490",
        "UPDATE shop.orders SET ordered_at = ordered_at + INTERVAL 1 YEAR WHERE id = 7",
        "DELETE FROM shop.orders WHERE id BETWEEN 200 AND 250",
        "DELETE FROM shop.visits WHERE seconds = 1 LIMIT 20",
        "UPDATE shop.visits SET seconds = 9 WHERE seconds = 2",
        "ALTER TABLE shop.stock_1 MODIFY pieces BIGINT NOT NULL",
        "ALTER TABLE shop.stock_2 MODIFY pieces BIGINT NOT NULL",
        "UPDATE shop.stock_2 SET pieces = 5000000000 WHERE sku = 'a1'");
    CommandKit.Outcome run = firn("run", file, "--until-caught-up", "--log-file", log);
    assertThat(run.code()).as(run.err()).isZero();
    CommandKit.Outcome verify = firn("verify", file, "--wait", "5", "--log-file", log);
    assertThat(verify.code()).as(verify.out() + verify.err()).isZero();
  }

  @Test
  @Order(4)
  void verifyWorksWhileChangesFlowAndASecondInstanceTakesOver() throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(2);
    AtomicBoolean enough = new AtomicBoolean();
    try {
      Future<CommandKit.Outcome> first = threads.submit(() -> firn("run", file, "--log-file", log));
      Future<?> changes =
          threads.submit(
              () -> {
                for (int i = 0; !enough.get(); i++) {
                  server.execute(
                      "UPDATE shop.orders SET amount = amount + 1 WHERE id % 50 = " + i % 50,
                      "INSERT INTO shop.visits VALUES ('/live', " + i + ")");
                  // A row that changes faster than it can be compared twice stays undecided.
                  Thread.sleep(100);
                }
                return null;
              });
      CommandKit.Outcome verify = firn("verify", file, "--wait", "60");
      enough.set(true);
      changes.get();
      assertThat(verify.code()).as(verify.out() + verify.err()).isZero();

      CommandKit.Outcome second = firn("run", file, "--until-caught-up", "--log-file", log);
      assertThat(second.code()).as(second.err()).isZero();
      CommandKit.Outcome fenced = first.get(60, TimeUnit.SECONDS);
      assertThat(fenced.code()).as(fenced.err()).isEqualTo(ExitCode.FENCED);
    } finally {
      enough.set(true);
      threads.shutdownNow();
    }
    assertThat(firn("verify", file, "--wait", "5").code()).isZero();
  }

  @Test
  @Order(5)
  void verifyNamesARowThatWasChangedBehindTheBinlogsBack() {
    server.execute(
        "SET SESSION sql_log_bin = 0; UPDATE shop.orders SET amount = 77.70 WHERE id = 42"
            .split("; "));
    server.execute("SET SESSION sql_log_bin = 0; DELETE FROM shop.visits LIMIT 1".split("; "));
    CommandKit.Outcome verify = firn("verify", file, "--wait", "5", "--log-file", log);
    assertThat(verify.code()).isEqualTo(ExitCode.FAILED);
    assertThat(verify.out())
        .contains("shop.orders: id='42': column 'amount' is '77.70' at the source and")
        .contains("shop.visits: 1 differ")
        .contains("Not equal: 2 rows differ, 0 undecided.");
  }

  @Test
  @Order(6)
  void nothingThatWasWrittenHoldsThePassword() throws IOException {
    assertThat(Files.readString(log)).doesNotContain(server.cdc().password());
  }
}
