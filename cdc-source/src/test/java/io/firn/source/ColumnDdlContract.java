package io.firn.source;

import static org.assertj.core.api.Assertions.assertThat;

import io.firn.model.row.Row;
import io.firn.model.row.RowChange;
import io.firn.model.schema.Column;
import io.firn.model.schema.TableId;
import io.firn.model.stream.SchemaChange;
import io.firn.source.type.TypeOptions;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Columns change in band, with the values that existing rows got or kept. */
interface ColumnDdlContract extends DdlContract {
  static Column column(SchemaChange change, String name) {
    return change.schemaAfter().columns().get(change.schemaAfter().indexOf(name));
  }

  @Test
  default void columnsAreAddedWithTheValueOfOlderRows() {
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
  default void columnsAreRenamedDroppedReorderedAndRetyped() {
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
  default void aColumnDroppedAndAddedInOneStatementIsAnotherOne() {
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

  /** Type before, value, type after: what keeps values is followed, and keeps them. */
  List<List<String>> KEEPING =
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
  default void definitionsThatKeepValuesAreFollowed() {
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
}
