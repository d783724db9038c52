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
              "CreateTable third",
              "CreateTable fourth",
              "DropTable first",
              "DropTable third");
      assertThat(recording.schemaChanges().get(0).schemaAfter().hasPrimaryKey()).isFalse();
      assertThat(recording.schemaChanges().get(3).schemaAfter().hasPrimaryKey()).isTrue();
      assertThat(recording.changes()).hasSize(4);
      state = recording.lastBoundary();
    }
    assertThat(state.tableSchemas().keySet())
        .extracting(TableId::name)
        .containsExactlyInAnyOrder("second", "fourth");
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
              "FLUSH TABLES",
              "INSERT INTO ignored.t VALUES (1)");
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
                + " LESS THAN (20))");
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
    assertUnsupported("stop6", "ALTER TABLE t MODIFY d DATETIME", "fractional digits");
  }
}
