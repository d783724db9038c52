package io.firn.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.firn.app.assembly.Assembly;
import io.firn.dsl.PipelineFile;
import io.firn.dsl.Planner;
import io.firn.model.row.Row;
import io.firn.model.schema.Column;
import io.firn.model.schema.TableId;
import io.firn.model.schema.TableSchema;
import io.firn.testservers.MariaDbServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.iceberg.types.Types;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Filters and columns that depend on the time and the kind of a change, from server to lake. */
class ChangingExpressionsTest {
  @TempDir Path directory;

  private static MariaDbServer server;

  @BeforeAll
  static void start() {
    server = MariaDbServer.start();
    server.execute(
        "CREATE DATABASE shop",
        "USE shop",
        "CREATE TABLE shop.offers (id INT PRIMARY KEY, expires TIMESTAMP(6) NOT NULL)",
        "INSERT INTO shop.offers VALUES (1, '2037-01-01'), (2, '2001-01-01')");
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  private static CommandKit.Outcome firn(Object... args) {
    return CommandKit.run(Map.of("PASSWORD", server.cdc().password()), args);
  }

  private Path write(String name, String rule) throws IOException {
    return Files.writeString(
        directory.resolve(name + ".yaml"),
        """
        source:
          type: mariadb
          hostname: 127.0.0.1
          port: PORT
          username: USER
          password: ${env:PASSWORD}
          tables: shop.offers
        transform:
          - source-table: shop.offers
            RULE
        sink:
          type: iceberg
          catalog.properties.type: hadoop
          catalog.properties.warehouse: DIRECTORY/NAME
        pipeline:
          name: NAME
          checkpoint.interval: 1s
          checkpoint.directory: DIRECTORY/NAME-checkpoints
          state.directory: DIRECTORY/NAME-state
        """
            .replace("RULE", rule)
            .replace("NAME", name)
            .replace("PORT", Integer.toString(server.port()))
            .replace("USER", server.cdc().user())
            .replace("DIRECTORY", directory.toString()));
  }

  private void run(Path file) {
    CommandKit.Outcome run =
        firn("run", file, "--until-caught-up", "--log-file", directory.resolve("firn.log"));
    assertThat(run.code()).as(run.err()).isZero();
  }

  private static List<Integer> idsInLake(Path file) {
    var spec =
        PipelineFile.parse(
                file, CommandKit.environment(Map.of("PASSWORD", server.cdc().password())))
            .orThrow();
    TableId table = new TableId("shop", "offers");
    List<Integer> ids = new ArrayList<>();
    var layout =
        new TableSchema(
            table,
            List.of(
                Column.of("id", Types.IntegerType.get(), false),
                Column.of("expires", Types.TimestampType.withZone(), false)),
            List.of("id"));
    Assembly assembly = new Assembly(Planner.plan(spec, Map.of(table, layout)).orThrow());
    try (var lake = assembly.openLake();
        var rows = lake.rows(table)) {
      for (Row row = rows.next(); row != null; row = rows.next()) {
        ids.add((Integer) row.get(0));
      }
    }
    return ids.stream().sorted().toList();
  }

  @Test
  void rowThatNoLongerPassesAFilterByTimeGoesWithItsSourceRow() throws Exception {
    Path file = write("timed", "filter: expires > NOW()");
    run(file);
    assertThat(idsInLake(file)).containsExactly(1);
    server.execute(
        "INSERT INTO shop.offers VALUES (3, NOW(6) + INTERVAL 1 SECOND),"
            + " (4, NOW(6) + INTERVAL 1 SECOND), (5, NOW(6) + INTERVAL 1 SECOND)");
    run(file);
    assertThat(idsInLake(file)).containsExactly(1, 3, 4, 5);
    Thread.sleep(1_100);
    server.execute(
        "DELETE FROM shop.offers WHERE id IN (2, 3)",
        "UPDATE shop.offers SET id = 6, expires = '2037-01-01' WHERE id = 4");
    run(file);
    // Row 5 is not asked again until it changes.
    assertThat(idsInLake(file)).containsExactly(1, 5, 6);
    server.execute("DELETE FROM shop.offers WHERE id > 2");
    run(file);
    assertThat(idsInLake(file)).containsExactly(1);
    CommandKit.Outcome verify = firn("verify", file, "--wait", "5");
    assertThat(verify.code()).isEqualTo(2);
    assertThat(verify.err())
        .contains("Cannot compare 'shop.offers'", "its filter depends on the time of the change");
  }

  @Test
  void verifyComparesWhatTheSourceTellsAndSaysWhatItDoesNot() throws Exception {
    Path file = write("columns", "projection: \\*, __data_event_type__ AS what, NOW() AS seen");
    run(file);
    server.execute("UPDATE shop.offers SET expires = '2036-01-01' WHERE id = 1");
    run(file);
    CommandKit.Outcome verify = firn("verify", file, "--wait", "5");
    assertThat(verify.code()).as(verify.out() + verify.err()).isZero();
    assertThat(verify.out())
        .contains("shop.offers: not compared, because", "tell their values: seen, what")
        .contains("Equal: 1 tables");
  }

  @Test
  void verifyRefusesSoftDeleteBeforeItBegins() throws Exception {
    Path file = write("soft", "converter-after-transform: SOFT_DELETE");
    CommandKit.Outcome verify = firn("verify", file, "--wait", "5");
    assertThat(verify.code()).isEqualTo(2);
    assertThat(verify.err()).contains("SOFT_DELETE keeps rows that the source does not have");
  }
}
