package io.firn.source;

import static org.assertj.core.api.Assertions.assertThat;

import io.firn.model.row.Row;
import io.firn.model.row.RowChange;
import io.firn.model.schema.TableId;
import io.firn.model.source.SourceState;
import io.firn.model.stream.SchemaChange;
import io.firn.testservers.MariaDbServer;
import io.firn.testservers.MySqlServer;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

/** Tables come and go in band, each with the layout that a snapshot of it would give. */
interface TableDdlContract extends DdlContract {
  @Test
  default void tablesAreCreatedTruncatedAndDroppedWhileRunning() {
    fresh("tables");
    server().execute("CREATE TABLE tables.first (id INT PRIMARY KEY)");
    MySqlSource source = Servers.source(server(), "tables.\\.*");
    SourceState state;
    try (Recording recording = Recording.open(source).toEnd()) {
      recording.forget();
      server()
          .execute(
              "CREATE TABLE tables.second (id INT UNIQUE NOT NULL, name TEXT)",
              "INSERT INTO tables.second VALUES (1, 'x')",
              "CREATE TABLE IF NOT EXISTS tables.second (id INT PRIMARY KEY)",
              "TRUNCATE TABLE tables.second",
              "INSERT INTO tables.second VALUES (2, 'y')",
              "CREATE TABLE tables.third AS SELECT id AS n, name FROM tables.second",
              "CREATE TABLE tables.fourth LIKE tables.first",
              "INSERT INTO tables.fourth VALUES (9)",
              "DROP TABLE tables.first, tables.third");
      recording.toEnd();
      assertThat(recording.schemaChanges())
          .extracting(change -> change.getClass().getSimpleName() + " " + change.table().name())
          .containsExactly(
              "CreateTable second",
              "TruncateTable second",
              "TruncateTable second",
              "CreateTable third",
              "TruncateTable third",
              "CreateTable fourth",
              "TruncateTable fourth",
              "DropTable first",
              "DropTable third");
      assertThat(recording.schemaChanges().get(0).schemaAfter().hasPrimaryKey()).isFalse();
      assertThat(recording.schemaChanges().get(5).schemaAfter().hasPrimaryKey()).isTrue();
      assertThat(recording.changes()).hasSize(4);
      state = recording.lastBoundary();
    }
    assertThat(state.tableSchemas().keySet())
        .extracting(TableId::name)
        .containsExactlyInAnyOrder("first", "second", "third", "fourth");
    server().execute("INSERT INTO tables.second VALUES (3, 'z')");
    try (Recording recording = Recording.open(source, state).toEnd()) {
      assertThat(recording.schemaChanges())
          .extracting(change -> change.getClass().getSimpleName() + " " + change.table().name())
          .containsExactly("CreateTable fourth", "CreateTable second");
      assertThat(recording.changes()).extracting(RowChange::after).containsExactly(Row.of(3, "z"));
    }
    server().execute("DROP DATABASE tables");
    try (Recording recording = Recording.open(source, state).toEnd()) {
      assertThat(recording.schemaChanges().subList(2, 4))
          .hasOnlyElementsOfType(SchemaChange.DropTable.class);
    }
  }

  @Test
  default void aTableCreatedAgainVoidsItsOldRows() {
    fresh("again");
    server()
        .execute(
            "CREATE TABLE again.t (id INT PRIMARY KEY, a INT)",
            "INSERT INTO again.t VALUES (1, 1)");
    TableId table = new TableId("again", "t");
    MySqlSource source = Servers.source(server(), "again.t");
    SourceState dropped;
    try (Recording recording = Recording.open(source).toEnd()) {
      server().execute("DROP TABLE again.t");
      dropped = recording.toEnd().lastBoundary();
    }
    server()
        .execute(
            "CREATE TABLE IF NOT EXISTS again.t (id INT PRIMARY KEY, b TEXT)",
            "INSERT INTO again.t VALUES (2, 'b')",
            "CREATE TABLE IF NOT EXISTS again.t (id INT PRIMARY KEY, c INT)",
            "INSERT INTO again.t VALUES (3, 'b')");
    try (Recording recording = Recording.open(source, dropped).toEnd()) {
      assertThat(recording.schemaChanges())
          .hasExactlyElementsOfTypes(
              SchemaChange.CreateTable.class, SchemaChange.TruncateTable.class);
      assertThat(recording.schemaChanges().get(0).origin())
          .isEqualTo(recording.schemaChanges().get(1).origin());
      assertThat(recording.table(table)).hasSize(2);
      if (server() instanceof MariaDbServer) {
        recording.forget();
        server()
            .execute(
                "CREATE OR REPLACE TABLE again.t (id BIGINT PRIMARY KEY)",
                "INSERT INTO again.t VALUES (9)");
        recording.toEnd();
        assertThat(recording.schemaChanges())
            .hasExactlyElementsOfTypes(
                SchemaChange.CreateTable.class, SchemaChange.TruncateTable.class);
        assertThat(recording.changes()).extracting(RowChange::after).containsExactly(Row.of(9L));
      }
    }
  }

  @Test
  default void keysAndColumnsOfStreamedTablesAreThoseOfTheSnapshot() {
    fresh("made");
    server().execute("CREATE TABLE made.a (id INT PRIMARY KEY)");
    MySqlSource source = Servers.source(server(), "made.\\.*");
    List<String> definitions =
        new ArrayList<>(
            List.of(
                "(id INT KEY, u INT UNIQUE KEY)",
                "(id INT UNIQUE KEY NOT NULL, n INT)",
                "(ID INT, n INT NOT NULL UNIQUE, PRIMARY KEY USING BTREE (id DESC))",
                "(a INT, b VARCHAR(30), CONSTRAINT x PRIMARY KEY USING BTREE (b(10), a))",
                "(a INT, b INT NOT NULL COMMENT 'PRIMARY KEY', UNIQUE KEY (b), KEY (a))",
                "(id SERIAL, n INT)",
                "(id INT AUTO_INCREMENT PRIMARY KEY COMMENT 'KEY', g INT AS (id2 + 1) STORED, id2 INT,"
                    + " CHECK (id2 > 0))",
                "LIKE made.a",
                "(id INT KEY) SELECT 1 AS id, 2 AS n"));
    if (server() instanceof MySqlServer) {
      definitions.add("(id INT KEY, i INT INVISIBLE)");
      definitions.add("GIPK");
    } else {
      definitions.add("(id INT KEY, i INT INVISIBLE DEFAULT 3) ENGINE=InnoDB");
    }
    try (Recording recording = Recording.open(source).toEnd()) {
      recording.forget();
      int number = 0;
      for (String definition : definitions) {
        String name = "made.t" + number++;
        if (definition.equals("GIPK")) {
          server()
              .execute(
                  "SET SESSION sql_generate_invisible_primary_key = ON",
                  "CREATE TABLE " + name + " (n INT)",
                  "SET SESSION sql_generate_invisible_primary_key = OFF");
        } else {
          server().execute("CREATE TABLE " + name + " " + definition);
        }
      }
      server()
          .execute(
              "CREATE TABLE made.late (id INT NOT NULL, n INT)",
              "ALTER TABLE made.late ADD INDEX (n), ADD UNIQUE KEY u (id), COMMENT 'x'");
      recording.toEnd();
      Map<TableId, SchemaChange> streamed = new LinkedHashMap<>();
      recording.schemaChanges().forEach(change -> streamed.put(change.table(), change));
      assertThat(streamed).hasSize(definitions.size() + 1);
      try (Recording snapshot = Recording.open(source).toEnd()) {
        for (SchemaChange change : snapshot.schemaChanges()) {
          if (!change.table().name().equals("a")) {
            assertThat(streamed.get(change.table()).schemaAfter())
                .as(streamed.get(change.table()).origin().statement())
                .isEqualTo(change.schemaAfter());
          }
        }
      }
    }
  }

  @Test
  default void aTableCreatedWhileTheSnapshotWaitsForItsLocksIsPartOfIt() throws Exception {
    fresh("race");
    server().execute("CREATE TABLE race.a (id INT PRIMARY KEY)");
    MySqlSource source = Servers.source(server(), "race.\\.*");
    ExecutorService executor = Executors.newSingleThreadExecutor();
    try (Connection locking = server().connect();
        Statement statement = locking.createStatement()) {
      statement.execute("LOCK TABLES race.a WRITE");
      Future<Recording> opening = executor.submit(() -> Recording.open(source));
      boolean waiting = false;
      while (!waiting) {
        Thread.sleep(20);
        try (ResultSet rows = statement.executeQuery("SHOW PROCESSLIST")) {
          while (rows.next()) {
            String info = rows.getString("Info");
            waiting |= info != null && info.startsWith("LOCK TABLES");
          }
        }
      }
      server().execute("CREATE TABLE race.b (id INT PRIMARY KEY)", "INSERT INTO race.b VALUES (1)");
      statement.execute("UNLOCK TABLES");
      try (Recording recording = opening.get()) {
        server().execute("INSERT INTO race.b VALUES (2)");
        recording.toEnd();
        assertThat(recording.table(new TableId("race", "b"))).hasSize(2);
      }
    } finally {
      executor.shutdown();
    }
  }
}
