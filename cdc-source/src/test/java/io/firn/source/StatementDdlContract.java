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
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * Statements mean what their session means by them; what does not matter is passed over, and what
 * cannot be followed stops the reading.
 */
interface StatementDdlContract extends DdlContract {
  @Test
  default void statementsAreReadAsTheirSessionMeansThem() {
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
  default void whatConcernsNoCapturedTableIsIgnored() {
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
  default void aStateInTheMiddleOfDdlGoesOnWithTheRightLayout() {
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
  default void whatCannotBeFollowedStopsWithAnExplanation() {
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
