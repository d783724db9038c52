package io.firn.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.firn.model.error.UnsupportedChangeException;
import io.firn.model.row.Row;
import io.firn.model.row.RowChange;
import io.firn.model.schema.Column;
import io.firn.model.schema.TableId;
import io.firn.model.source.SourceState;
import io.firn.model.stream.SchemaChange;
import io.firn.source.type.TypeOptions;
import io.firn.testservers.DatabaseServer;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** DDL arrives in band, in order, with the values that existing rows got. */
abstract class DdlContract {

  abstract DatabaseServer server();

  private void fresh(String database) {
    server().execute("DROP DATABASE IF EXISTS " + database, "CREATE DATABASE " + database);
  }

  private static Column column(SchemaChange change, String name) {
    return change.schemaAfter().columns().get(change.schemaAfter().indexOf(name));
  }

  @Test
  void columnsAreAddedWithTheValueOfOlderRows() {
    fresh("added");
    server()
        .execute(
            "CREATE TABLE added.t (id INT PRIMARY KEY) DEFAULT CHARSET latin1",
            "INSERT INTO added.t VALUES (1)");
    TableId table = new TableId("added", "t");
    MySqlSource source = Servers.source(server(), "added.t");
    try (Recording recording = Recording.open(source).toEnd()) {
      recording.forget();
      server()
          .execute(
              "ALTER TABLE added.t ADD COLUMN a INT NOT NULL DEFAULT 7,"
                  + " ADD b VARCHAR(10) NOT NULL, ADD COLUMN c DECIMAL(5,2) DEFAULT '1.5' FIRST,"
                  + " ADD (d DATETIME(3) NULL DEFAULT '2020-01-02 03:04:05.678', e TINYINT(1) NOT NULL"
                  + " DEFAULT 1, f ENUM('x','y') NOT NULL, g BIT(3) DEFAULT b'101', h INT,"
                  + " i BINARY(3) NOT NULL, j VARCHAR(9) DEFAULT 'it''s',"
                  + " k DOUBLE DEFAULT -1.5e-3, l BLOB NULL, m VARBINARY(5) DEFAULT x'0AFF', n BIGINT UNSIGNED"
                  + " DEFAULT 18446744073709551615, o TIME(2) DEFAULT '12:00:00.5', p DATE DEFAULT '2020-02-29', q"
                  + " TIMESTAMP NULL DEFAULT '2021-01-01 00:00:00', r VARCHAR(5) NOT NULL DEFAULT '',"
                  + " s TIMESTAMP NOT NULL DEFAULT CURRENT_TIMESTAMP, u DATETIME DEFAULT NOW() ON UPDATE NOW())",
              "INSERT INTO added.t (id, b, f, i, j) VALUES (2, 'b', 'y', 'abc', 'caf\u00e9')");
      recording.toEnd();
      assertThat(recording.schemaChanges()).hasSize(1);
      SchemaChange.AddColumns change = (SchemaChange.AddColumns) recording.schemaChanges().get(0);
      assertThat(change.columns())
          .containsExactly(
              "c", "a", "b", "d", "e", "f", "g", "h", "i", "j", "k", "l", "m", "n", "o", "p", "q",
              "r", "s", "u");
      assertThat(change.origin().statement()).startsWith("ALTER TABLE added.t ADD COLUMN a");
      Map<List<Object>, Row> now;
      try (Recording snapshot = Recording.open(source).toEnd()) {
        now = snapshot.table(table);
      }
      // The server's own answer for the row that existed before.
      Row old = now.get(List.of(1));
      for (Column column : change.schemaAfter().columns()) {
        if (!column.name().equals("id")) {
          assertThat(column.initialDefault())
              .as(column.name())
              .isEqualTo(old.get(change.schemaAfter().indexOf(column.name())));
        }
      }
      assertThat(recording.changes())
          .extracting(RowChange::after)
          .containsExactly(now.get(List.of(2)));
      assertThat(recording.changes().get(0).schema()).isEqualTo(change.schemaAfter());
    }
  }

  @Test
  void columnsAreRenamedDroppedReorderedAndRetyped() {
    fresh("altered");
    server()
        .execute(
            "CREATE TABLE altered.t (id INT PRIMARY KEY, `a b` INT, c INT NOT NULL, d VARCHAR(5), e INT)");
    MySqlSourceOptions.Builder options = Servers.options(server(), "altered.t");
    options.types(new TypeOptions(options.build().flavour(), true, false, true));
    try (Recording recording = Recording.open(new MySqlSource(options.build())).toEnd()) {
      recording.forget();
      server()
          .execute(
              "INSERT INTO altered.t VALUES (1, 2, 3, 'd', 5)",
              "/* hello */ ALTER TABLE altered.t CHANGE COLUMN `a b` `b-c` BIGINT COMMENT 'wide' AFTER d,"
                  + " DROP COLUMN e, MODIFY c INT NULL, -- why not\n ADD COLUMN f INT",
              "INSERT INTO altered.t VALUES (2, 3, 'd', 2000000000000, 6)",
              "ALTER TABLE altered.t RENAME COLUMN c TO cc",
              "INSERT INTO altered.t VALUES (3, 3, 'd', 2, 6)",
              "ALTER TABLE altered.t ADD INDEX (d)",
              "CREATE INDEX i ON altered.t (cc)",
              "ANALYZE TABLE altered.t",
              "INSERT INTO altered.t VALUES (4, 3, 'd', 2, 6)");
      recording.toEnd();
      List<SchemaChange> changes = recording.schemaChanges();
      assertThat(changes)
          .hasExactlyElementsOfTypes(
              SchemaChange.RenameColumns.class,
              SchemaChange.DropColumns.class,
              SchemaChange.AddColumns.class,
              SchemaChange.AlterColumns.class,
              SchemaChange.RenameColumns.class);
      assertThat(((SchemaChange.RenameColumns) changes.get(0)).names())
          .containsExactly(Map.entry("a b", "b-c"));
      assertThat(((SchemaChange.DropColumns) changes.get(1)).columns()).containsExactly("e");
      assertThat(((SchemaChange.AddColumns) changes.get(2)).columns()).containsExactly("f");
      SchemaChange altered = changes.get(3);
      assertThat(altered.schemaAfter().columns())
          .extracting(Column::name)
          .containsExactly("id", "c", "d", "b-c", "f");
      assertThat(column(altered, "b-c").type()).hasToString("long");
      assertThat(column(altered, "b-c").comment()).isEqualTo("wide");
      assertThat(column(altered, "c").optional()).isTrue();
      assertThat(recording.changes().get(1).after())
          .isEqualTo(Row.of(2, 3, "d", 2000000000000L, 6));
      assertThat(recording.changes()).hasSize(4);
    }
  }

  @Test
  void tablesAreCreatedTruncatedAndDroppedWhileRunning() {
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
  void aTableCreatedAgainVoidsItsOldRows() {
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
      if (server() instanceof io.firn.testservers.MariaDbServer) {
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
  void statementsAreReadAsTheirSessionMeansThem() {
    fresh("modes");
    server().execute("CREATE TABLE modes.t (id INT PRIMARY KEY)", "INSERT INTO modes.t VALUES (1)");
    TableId table = new TableId("modes", "t");
    MySqlSource source = Servers.source(server(), "modes.\\.*");
    try (Recording recording = Recording.open(source).toEnd()) {
      recording.forget();
      server()
          .execute(
              "SET SESSION sql_mode = 'ANSI_QUOTES'",
              "ALTER TABLE \"modes\".\"t\" ADD COLUMN \"a b\" INT NOT NULL DEFAULT 5",
              "CREATE TABLE \"modes\".\"u\" (\"id\" INT, \"x\"\"y`\" VARCHAR(5), PRIMARY KEY (\"id\"))",
              "SET SESSION sql_mode = 'NO_BACKSLASH_ESCAPES,REAL_AS_FLOAT'",
              "ALTER TABLE modes.t ADD c VARCHAR(20) NOT NULL DEFAULT 'a\\b\\', ADD d REAL,"
                  + " ADD e ENUM('x\\y','z') NOT NULL",
              "SET SESSION sql_mode = DEFAULT",
              "SET character_set_client = latin1",
              "ALTER TABLE modes.t ADD COLUMN `caf\u00e9` INT",
              "SET character_set_client = utf8mb4",
              "ALTER TABLE modes.t ADD COLUMN th\u00e9 INT");
      recording.toEnd();
      try (Recording snapshot = Recording.open(source).toEnd()) {
        SchemaChange last = null;
        for (SchemaChange change : recording.schemaChanges()) {
          last = change.table().equals(table) ? change : last;
        }
        assertThat(last.schemaAfter().columns())
            .extracting(column -> column.name() + " " + column.type() + " " + column.optional())
            .isEqualTo(
                snapshot.schemaChanges().get(0).schemaAfter().columns().stream()
                    .map(column -> column.name() + " " + column.type() + " " + column.optional())
                    .toList())
            .contains("a b int false", "d float true", "th\u00e9 int true");
        Row now = snapshot.table(table).get(List.of(1));
        for (Column column : last.schemaAfter().columns()) {
          if (!column.name().equals("id")) {
            assertThat(column.initialDefault())
                .as(column.name())
                .isEqualTo(now.get(last.schemaAfter().indexOf(column.name())));
          }
        }
        assertThat(snapshot.schemaChanges()).hasSize(4);
      }
    }
  }

  @Test
  void keysAndColumnsOfStreamedTablesAreThoseOfTheSnapshot() {
    fresh("made");
    server().execute("CREATE TABLE made.a (id INT PRIMARY KEY)");
    MySqlSource source = Servers.source(server(), "made.\\.*");
    List<String> definitions =
        new java.util.ArrayList<>(
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
    if (server() instanceof io.firn.testservers.MySqlServer) {
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
      Map<TableId, SchemaChange> streamed = new java.util.LinkedHashMap<>();
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

  /** Type before, value, type after: what keeps values is followed, and keeps them. */
  private static final List<List<String>> KEEPING =
      List.of(
          List.of("SMALLINT", "-7", "INT"),
          List.of("INT", "7", "BIGINT"),
          List.of("BIGINT", "7", "INT"),
          List.of("INT", "7", "INT UNSIGNED"),
          List.of("INT UNSIGNED", "7", "INT"),
          List.of("YEAR", "2024", "SMALLINT"),
          List.of("FLOAT", "1.5", "DOUBLE"),
          List.of("DECIMAL(10,2)", "1.25", "DECIMAL(12,2)"),
          List.of("DECIMAL(12,2)", "1.25", "DECIMAL(10,2)"),
          List.of("DECIMAL(40,2)", "1.25", "DECIMAL(45,2)"),
          List.of("BIGINT UNSIGNED", "18446744073709551615", "DECIMAL(20,0)"),
          List.of("DATETIME", "'2020-01-02 03:04:05'", "DATETIME(6)"),
          List.of("TIMESTAMP(3) NULL", "'2020-01-02 03:04:05.123'", "TIMESTAMP(6) NULL"),
          List.of("TIME", "'03:04:05'", "TIME(3)"),
          List.of("VARCHAR(10)", "'a  '", "VARCHAR(300)"),
          List.of("VARCHAR(10)", "'a  '", "TEXT"),
          List.of("CHAR(10)", "'a  '", "VARCHAR(10)"),
          List.of("CHAR(10)", "'a  '", "CHAR(5)"),
          List.of("TEXT CHARACTER SET latin1", "'\u00e9'", "TEXT CHARACTER SET utf8mb4"),
          List.of(
              "VARCHAR(9) CHARACTER SET utf8mb4", "'\u00e9'", "VARCHAR(9) CHARACTER SET latin1"),
          List.of("VARCHAR(9) COLLATE utf8mb4_bin", "'A'", "VARCHAR(9) COLLATE utf8mb4_general_ci"),
          List.of("ENUM('x','y')", "'y'", "ENUM('x','y','z')"),
          List.of("ENUM('x','y')", "'y'", "ENUM('y','w','x')"),
          List.of("ENUM('x','y')", "'y'", "VARCHAR(5)"),
          List.of("SET('x','y')", "'x,y'", "SET('x','w','y','z')"),
          List.of("SET('x','y')", "'x,y'", "TEXT"),
          List.of("BINARY(4)", "'ab'", "VARBINARY(10)"),
          List.of("VARBINARY(4)", "'ab'", "BLOB"),
          List.of("BIT(3)", "b'101'", "BIT(8)"),
          List.of("INT NULL", "4", "INT NOT NULL"),
          List.of("TINYINT(1)", "1", "TINYINT(1) NOT NULL"));

  @Test
  void definitionsThatKeepValuesAreFollowed() {
    fresh("keeping");
    for (int i = 0; i < KEEPING.size(); i++) {
      server()
          .execute(
              "CREATE TABLE keeping.t"
                  + i
                  + " (id INT PRIMARY KEY, v "
                  + KEEPING.get(i).get(0)
                  + ")",
              "INSERT INTO keeping.t" + i + " VALUES (1, " + KEEPING.get(i).get(1) + ")");
    }
    server()
        .execute(
            "CREATE TABLE keeping.conv (id INT PRIMARY KEY, v VARCHAR(20)) CHARACTER SET latin1",
            "INSERT INTO keeping.conv VALUES (1, '\u00e9')");
    MySqlSource source = Servers.source(server(), "keeping.\\.*");
    try (Recording recording = Recording.open(source).toEnd()) {
      for (int i = 0; i < KEEPING.size(); i++) {
        String table = "keeping.t" + i;
        server().execute("ALTER TABLE " + table + " MODIFY v " + KEEPING.get(i).get(2));
        server().execute("INSERT INTO " + table + " VALUES (2, " + KEEPING.get(i).get(1) + ")");
      }
      server()
          .execute(
              "ALTER TABLE keeping.conv CONVERT TO CHARACTER SET utf8mb4",
              "INSERT INTO keeping.conv VALUES (2, '\u20ac\u00e9')");
      recording.toEnd();
      try (Recording snapshot = Recording.open(source).toEnd()) {
        for (SchemaChange change : snapshot.schemaChanges()) {
          assertThat(recording.table(change.table()).toString())
              .as(change.origin().sourceSchema())
              .isEqualTo(snapshot.table(change.table()).toString());
        }
      }
    }
  }

  @Test
  void aTableCreatedWhileTheSnapshotWaitsForItsLocksIsPartOfIt() throws Exception {
    fresh("race");
    server().execute("CREATE TABLE race.a (id INT PRIMARY KEY)");
    MySqlSource source = Servers.source(server(), "race.\\.*");
    java.util.concurrent.ExecutorService executor =
        java.util.concurrent.Executors.newSingleThreadExecutor();
    try (java.sql.Connection locking = server().connect();
        java.sql.Statement statement = locking.createStatement()) {
      statement.execute("LOCK TABLES race.a WRITE");
      java.util.concurrent.Future<Recording> opening =
          executor.submit(() -> Recording.open(source));
      boolean waiting = false;
      while (!waiting) {
        Thread.sleep(20);
        try (java.sql.ResultSet rows = statement.executeQuery("SHOW PROCESSLIST")) {
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

  @Test
  void sequencesAreNoTables() {
    if (server() instanceof io.firn.testservers.MySqlServer) {
      return;
    }
    fresh("seq");
    server()
        .execute(
            "CREATE TABLE seq.t (id INT PRIMARY KEY)",
            "CREATE SEQUENCE seq.s",
            "SELECT NEXTVAL(seq.s)");
    try (Recording recording = Recording.open(Servers.source(server(), "seq.\\.*")).toEnd()) {
      recording.forget();
      server()
          .execute(
              "SELECT NEXTVAL(seq.s)",
              "CREATE SEQUENCE seq.s2",
              "SELECT NEXTVAL(seq.s2)",
              "SELECT SETVAL(seq.s, 5000)",
              "DROP SEQUENCE seq.s",
              "ALTER TABLE seq.t ADD COLUMN a INT",
              "ALTER TABLE seq.t ADD COLUMN IF NOT EXISTS a BIGINT, DROP COLUMN IF EXISTS b",
              "INSERT INTO seq.t VALUES (1, 1)");
      recording.toEnd();
      assertThat(recording.schemaChanges()).hasSize(1);
      assertThat(recording.changes()).extracting(RowChange::after).containsExactly(Row.of(1, 1));
    }
  }

  @Test
  void aColumnDroppedAndAddedInOneStatementIsAnotherOne() {
    fresh("readd");
    server()
        .execute(
            "CREATE TABLE readd.t (id INT PRIMARY KEY, foo INT, bar INT)",
            "INSERT INTO readd.t VALUES (1, 2, 3)");
    try (Recording recording = Recording.open(Servers.source(server(), "readd.t")).toEnd()) {
      recording.forget();
      server()
          .execute(
              "ALTER TABLE readd.t DROP FOO, ADD COLUMN foo INT NOT NULL DEFAULT 7,"
                  + " CHANGE BAR baz INT");
      recording.toEnd();
      assertThat(recording.schemaChanges())
          .hasExactlyElementsOfTypes(
              SchemaChange.RenameColumns.class,
              SchemaChange.DropColumns.class,
              SchemaChange.AddColumns.class);
      assertThat(column(recording.schemaChanges().get(2), "foo").initialDefault()).isEqualTo(7);
      recording.forget();
      server()
          .execute("ALTER TABLE readd.t MODIFY BAZ BIGINT", "INSERT INTO readd.t VALUES (2, 3, 4)");
      recording.toEnd();
      assertThat(recording.schemaChanges())
          .hasExactlyElementsOfTypes(
              SchemaChange.RenameColumns.class, SchemaChange.AlterColumns.class);
      try (Recording snapshot = Recording.open(Servers.source(server(), "readd.t")).toEnd()) {
        assertThat(recording.schemaChanges().get(1).schemaAfter().columns())
            .extracting(Column::name)
            .isEqualTo(
                snapshot.schemaChanges().get(0).schemaAfter().columns().stream()
                    .map(Column::name)
                    .toList());
      }
    }
  }

  @Test
  void whatConcernsNoCapturedTableIsIgnored() {
    fresh("ignored");
    server()
        .execute(
            "CREATE TABLE ignored.t (id INT PRIMARY KEY)",
            "CREATE TABLE ignored.other (id INT PRIMARY KEY)");
    try (Recording recording = Recording.open(Servers.source(server(), "ignored.t")).toEnd()) {
      recording.forget();
      server()
          .execute(
              "CREATE FUNCTION ignored.f(x INT) RETURNS INT DETERMINISTIC RETURN x + 1",
              "CREATE VIEW ignored.v AS SELECT * FROM ignored.t",
              "ALTER TABLE ignored.other ADD COLUMN weird INT, RENAME TO ignored.renamed",
              "CREATE TABLE ignored.parts (id INT) PARTITION BY HASH (id) PARTITIONS 3",
              "CREATE USER IF NOT EXISTS someone@localhost",
              "DROP TABLE ignored.parts, ignored.renamed",
              "FLUSH TABLES");
      // Each server knows some of these.
      for (String statement :
          List.of(
              "ALTER USER someone@localhost IDENTIFIED BY 'x-1-Y'",
              "GRANT SELECT ON ignored.* TO someone@localhost",
              "FLUSH TABLE ignored.t",
              "FLUSH TABLES ignored.t WITH READ LOCK",
              "UNLOCK TABLES",
              "CREATE TRIGGER ignored.g BEFORE INSERT ON ignored.t FOR EACH ROW BEGIN SET @x = 1;"
                  + " ALTER TABLE_ x; END",
              "CREATE TRIGGER ignored.g BEFORE INSERT ON ignored.t FOR EACH ROW SET @x = 1",
              "CREATE PROCEDURE ignored.p() BEGIN ALTER TABLE ignored.t ADD z INT; END",
              "CREATE EVENT ignored.e ON SCHEDULE AT '2037-01-01 00:00:00' DO DROP TABLE ignored.t",
              "CREATE ROLE ignored_role",
              "CREATE SEQUENCE ignored.s",
              "SELECT NEXTVAL(ignored.s)",
              "DROP SEQUENCE ignored.s",
              "CREATE TABLE ignored.v1 (id INT) WITH SYSTEM VERSIONING",
              "CREATE TABLE ignored.p1 (id INT) PARTITION BY RANGE (id) (PARTITION p0 VALUES LESS"
                  + " THAN (10))",
              "ALTER TABLE ignored.p1 DROP PARTITION p0",
              "ALTER TABLE ignored.p1 ADD PARTITION (PARTITION p2 VALUES LESS THAN (20))",
              "ALTER TABLE ignored.p1 TRUNCATE PARTITION p0",
              "XA START 'x1'",
              "XA END 'x1'",
              "XA ROLLBACK 'x1'",
              "CREATE SERVER ignored_server FOREIGN DATA WRAPPER mysql OPTIONS (HOST 'h')",
              "OPTIMIZE TABLE ignored.t",
              "CREATE TEMPORARY TABLE ignored.tmp (id INT)",
              "ALTER TABLE ignored.t COMMENT = 'CHARSET latin1', ADD INDEX i (id)",
              "DROP USER someone@localhost")) {
        try {
          server().execute(statement);
        } catch (RuntimeException e) {
          // Not known to this server.
        }
      }
      server().execute("INSERT INTO ignored.t VALUES (1)");
      recording.toEnd();
      assertThat(recording.schemaChanges()).isEmpty();
      assertThat(recording.changes()).hasSize(1);
    }
  }

  @Test
  void aStateInTheMiddleOfDdlGoesOnWithTheRightLayout() {
    fresh("middle");
    server().execute("CREATE TABLE middle.t (id INT PRIMARY KEY)");
    MySqlSource source = Servers.source(server(), "middle.t");
    SourceState state;
    try (Recording recording = Recording.open(source).toEnd()) {
      server().execute("ALTER TABLE middle.t ADD COLUMN a INT");
      state = recording.toEnd().lastBoundary();
    }
    server()
        .execute(
            "INSERT INTO middle.t VALUES (1, 1)",
            "ALTER TABLE middle.t ADD COLUMN b INT FIRST",
            "INSERT INTO middle.t VALUES (2, 2, 2)");
    try (Recording recording = Recording.open(source, state).toEnd()) {
      assertThat(recording.schemaChanges())
          .hasExactlyElementsOfTypes(SchemaChange.CreateTable.class, SchemaChange.AddColumns.class);
      assertThat(recording.changes())
          .extracting(RowChange::after)
          .containsExactly(Row.of(1, 1), Row.of(2, 2, 2));
    }
  }

  private void assertUnsupported(String database, String statement, String message) {
    fresh(database);
    server()
        .execute(
            "CREATE TABLE "
                + database
                + ".t (id INT, n INT, d DATETIME(6), PRIMARY KEY (id))"
                + " PARTITION BY RANGE (id) (PARTITION p0 VALUES LESS THAN (10), PARTITION p1 VALUES"
                + " LESS THAN (20))",
            "CREATE TABLE " + database + ".other (id INT, n INT, d DATETIME(6), PRIMARY KEY (id))");
    try (Recording recording =
        Recording.open(Servers.source(server(), database + ".\\.*")).toEnd()) {
      server().execute("USE " + database, statement);
      assertThatThrownBy(recording::toEnd)
          .isInstanceOf(UnsupportedChangeException.class)
          .hasMessageContaining(message);
    }
  }

  @Test
  void whatCannotBeFollowedStopsWithAnExplanation() {
    assertUnsupported("stop1", "RENAME TABLE t TO u", "RENAME TABLE t TO u");
    assertUnsupported("stop2", "ALTER TABLE t RENAME TO u", "renames a captured table");
    assertUnsupported(
        "stop3", "ALTER TABLE t DROP PRIMARY KEY, ADD PRIMARY KEY (id, n)", "primary key changed");
    assertUnsupported("stop4", "ALTER TABLE t DROP PARTITION p0", "DROP PARTITION");
    assertUnsupported("stop5", "ALTER TABLE t TRUNCATE PARTITION p1", "TRUNCATE PARTITION");
    assertUnsupported("stop7", "ALTER TABLE t ADD COLUMN g INT AS (n + 1)", "existing rows");
    assertUnsupported("stop8", "RENAME TABLE other TO old, t TO other", "renames a captured");
    assertUnsupported(
        "stop9",
        "ALTER TABLE t EXCHANGE PARTITION p0 WITH TABLE other WITHOUT VALIDATION",
        "EXCHANGE PARTITION");
    assertUnsupported("stop10", "ALTER TABLE t MODIFY n TINYINT(1)", "another type of values");
    assertUnsupported("stop6", "ALTER TABLE t MODIFY d DATETIME", "fractional digits");
  }
}
