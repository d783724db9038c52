package io.firn.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.firn.it.fault.Fault;
import io.firn.it.process.FirnProcess;
import io.firn.it.process.Pipeline;
import io.firn.testservers.MySqlServer;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** Rows with values that others stumble over. There are no dead letters: a bad row stops. */
class PoisonedRowsTest {
  private static final int LARGE_BYTES = 24 << 20;

  @Test
  void zeroDatesBecomeNullAndLargeValuesArrive() throws Exception {
    try (MySqlServer server = MySqlServer.start("--max-allowed-packet=256M")) {
      server.execute(
          "CREATE DATABASE poison",
          "USE poison",
          "CREATE TABLE orders (id INT PRIMARY KEY, d DATE NOT NULL, t DATETIME NOT NULL, b LONGBLOB)");
      Pipeline pipeline = pipeline("poison", server);
      for (int half = 0; half < 2; half++) {
        server.execute(
            "USE poison",
            "SET SESSION sql_mode = 'ALLOW_INVALID_DATES'",
            "INSERT INTO orders VALUES (%d, '0000-00-00', '2021-02-30 01:02:03', 'x')"
                .formatted(3 * half),
            "INSERT INTO orders VALUES (%d, '2021-00-10', '0000-00-00', REPEAT('x', %d))"
                .formatted(3 * half + 1, LARGE_BYTES),
            "INSERT INTO orders VALUES (%d, '2021-02-03', '2021-02-03', NULL)"
                .formatted(3 * half + 2));
        run(pipeline, pipeline.yaml(), 0);
      }
      Firn.reached(Fault.ZERO_DATE);
      Firn.reached(Fault.LARGE_VALUE);
      assertThat(
              TableReader.rows(
                  pipeline,
                  "orders",
                  row ->
                      row.getField("id")
                          + " "
                          + row.getField("d")
                          + " "
                          + row.getField("t")
                          + " "
                          + length(row.getField("b"))))
          .containsExactlyInAnyOrder(
              "0 null null 1",
              "1 null null " + LARGE_BYTES,
              "2 2021-02-03 2021-02-03T00:00 -1",
              "3 null null 1",
              "4 null null " + LARGE_BYTES,
              "5 2021-02-03 2021-02-03T00:00 -1");
    }
  }

  private static int length(Object bytes) {
    return bytes == null ? -1 : ((ByteBuffer) bytes).remaining();
  }

  @Test
  void aRowForWhichAnExpressionFailsStopsWithItsPlaceAndIsMirroredOnceTheExpressionIsMended()
      throws Exception {
    MySqlServer server = Source.server();
    server.execute(
        "CREATE DATABASE failing",
        "CREATE TABLE failing.orders (id INT PRIMARY KEY, note VARCHAR(40))",
        "INSERT INTO failing.orders VALUES (1, '17')");
    Pipeline pipeline = pipeline("failing", server);
    run(pipeline, projecting(pipeline, "CAST(note AS DECIMAL(4,1))"), 0);
    server.execute(
        "INSERT INTO failing.orders VALUES (2, '18')",
        "INSERT INTO failing.orders VALUES (3, '123456')");
    String output = run(pipeline, projecting(pipeline, "CAST(note AS DECIMAL(4,1))"), 1);
    Firn.reached(Fault.EXPRESSION_FAILED);
    assertThat(output).contains("failing.orders").containsPattern("yaml:\\d+:\\d+");
    assertThat(TableReader.rows(pipeline, "orders", row -> row.getField("id")))
        .contains(1)
        .doesNotContain(3);
    run(pipeline, projecting(pipeline, "TRY_CAST(note AS DECIMAL(4,1))"), 0);
    assertThat(
            TableReader.rows(
                pipeline, "orders", row -> row.getField("id") + " " + row.getField("n")))
        .containsExactlyInAnyOrder("1 17.0", "2 18.0", "3 null");
  }

  private static Pipeline pipeline(String database, MySqlServer server) {
    return Pipeline.of(database, server, database, Source.directory(database));
  }

  private static String projecting(Pipeline pipeline, String expression) {
    return pipeline.yaml()
        + """
        transform:
          - source-table: %s.orders
            projection: id, %s AS n
        """
            .formatted(pipeline.database(), expression);
  }

  private static String run(Pipeline pipeline, String yaml, int exitCode) {
    String plain = yaml.replaceFirst("  partition.key: .*\n", "");
    Path file = pipeline.write(plain);
    FirnProcess process =
        FirnProcess.start(
            FirnProcess.Options.of(pipeline), "run", file.toString(), "--until-caught-up");
    process.expectExit(exitCode, Firn.LIMIT_SECONDS);
    return process.output();
  }
}
