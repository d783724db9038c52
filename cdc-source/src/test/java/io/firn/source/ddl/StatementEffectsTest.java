package io.firn.source.ddl;

import static org.assertj.core.api.Assertions.assertThat;

import io.firn.model.error.UnsupportedChangeException;
import io.firn.model.schema.TableId;
import io.firn.model.stream.SchemaChange;
import io.firn.model.stream.SourcePosition;
import io.firn.source.Flavour;
import io.firn.source.type.ColumnTypes;
import io.firn.source.type.TypeOptions;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * What statements do to the captured tables {@code db.t} and {@code db.u}; others are not captured.
 */
class StatementEffectsTest {
  private static final SourcePosition POSITION = SourcePosition.binlog("binlog.000001", 4, 0, null);

  private static TableCatalog catalog(Flavour flavour, String columns) {
    TableCatalog catalog =
        new TableCatalog(
            flavour,
            new ColumnTypes(new TypeOptions(flavour, true, true, false)),
            table ->
                table.equals(new TableId("db", "t"))
                    || table.equals(new TableId("db", "u"))
                    || table.equals(new TableId("db", "new")),
            false,
            ZoneOffset.UTC,
            Map.of("", "utf8mb4", "db", "utf8mb4"));
    for (String name : new String[] {"t", "u"}) {
      catalog.define(new TableId("db", name), "CREATE TABLE " + name + " (" + columns + ")");
    }
    return catalog;
  }

  private static String effect(TableCatalog catalog, LoggedStatement statement) {
    try {
      return catalog.apply(statement, POSITION, Instant.EPOCH).stream()
          .map(StatementEffectsTest::describe)
          .collect(Collectors.joining(" "));
    } catch (UnsupportedChangeException e) {
      return "stop";
    }
  }

  private static String describe(SchemaChange change) {
    return change.getClass().getSimpleName() + ":" + change.table().name();
  }

  /** Statement | effect; the same on both servers. */
  private static final String EFFECTS =
      """
      ALTER USER x IDENTIFIED BY 'ALTER TABLE t' |
      FLUSH TABLE t |
      FLUSH TABLES t WITH READ LOCK |
      GRANT ALL ON db.t TO x |
      CREATE TRIGGER g BEFORE INSERT ON t FOR EACH ROW BEGIN INSERT INTO u VALUES (1); END |
      CREATE DEFINER=`root`@`%` TRIGGER g AFTER DELETE ON t FOR EACH ROW SET @x = 1 |
      CREATE PROCEDURE p() BEGIN DROP TABLE t; END |
      CREATE DEFINER=`a`@`b` PROCEDURE p() TRUNCATE TABLE t |
      CREATE OR REPLACE VIEW v AS SELECT * FROM t |
      CREATE EVENT e ON SCHEDULE EVERY 1 DAY DO TRUNCATE t |
      XA START 'a' |
      XA PREPARE 'a' |
      CREATE SEQUENCE s START WITH 1 |
      ALTER SEQUENCE s RESTART 5 |
      DROP SEQUENCE s |
      ANALYZE TABLE t |
      OPTIMIZE TABLE t |
      CREATE INDEX i ON t (n) |
      DROP INDEX i ON t |
      CREATE TEMPORARY TABLE t (id INT) |
      DROP TEMPORARY TABLE t |
      CREATE TABLE other (id INT) WITH SYSTEM VERSIONING |
      ALTER TABLE other ADD COLUMN x WEIRD TYPE (((, RENAME TO another |
      ALTER TABLE other DROP PARTITION p |
      ALTER TABLE other EXCHANGE PARTITION p WITH TABLE another |
      RENAME TABLE other TO another |
      INSERT INTO other VALUES ('t') |
      DROP TABLE other |
      DROP DATABASE other |
      ALTER TABLE t ADD INDEX i (n), ALGORITHM=INPLACE, LOCK=NONE |
      ALTER TABLE t ADD CONSTRAINT c FOREIGN KEY (n) REFERENCES u (id) |
      ALTER TABLE t ADD CONSTRAINT FOREIGN KEY (n) REFERENCES u (id) |
      ALTER TABLE t DROP FOREIGN KEY c |
      ALTER TABLE t ADD UNIQUE KEY (n) |
      ALTER TABLE t ENGINE = InnoDB |
      ALTER TABLE t AUTO_INCREMENT = 100 |
      ALTER TABLE t REORGANIZE PARTITION a INTO (PARTITION b VALUES LESS THAN (3)) |
      ALTER TABLE t ADD PARTITION (PARTITION b VALUES LESS THAN (30)) |
      ALTER TABLE t REMOVE PARTITIONING |
      ALTER TABLE t DISABLE KEYS |
      ALTER TABLE t ORDER BY n |
      ALTER TABLE t DROP PARTITION p | stop
      ALTER TABLE t TRUNCATE PARTITION ALL | stop
      ALTER TABLE t EXCHANGE PARTITION p WITH TABLE other | stop
      ALTER TABLE other EXCHANGE PARTITION p WITH TABLE t WITHOUT VALIDATION | stop
      ALTER TABLE other CONVERT PARTITION p TO TABLE t | stop
      ALTER TABLE t IMPORT TABLESPACE | stop
      ALTER TABLE t DISCARD TABLESPACE | stop
      ALTER TABLE t ADD SYSTEM VERSIONING | stop
      ALTER IGNORE TABLE t ADD UNIQUE KEY (n) | stop
      ALTER TABLE t RENAME TO other | stop
      ALTER TABLE t RENAME other | stop
      ALTER TABLE t RENAME AS other | stop
      ALTER TABLE t ADD x INT, RENAME = other | stop
      ALTER TABLE other RENAME TO t | stop
      RENAME TABLE t TO other, another TO t | stop
      RENAME TABLE _t_gho TO t | stop
      RENAME TABLES t TO other | stop
      INSERT INTO t VALUES (1, 2) | stop
      LOAD DATA INFILE 'x' INTO TABLE t | stop
      UPDATE t SET n = 1 | stop
      DELETE FROM `db`.`t` | stop
      TRUNCATE t | TruncateTable:t
      DROP TABLE IF EXISTS other, t | DropTable:t
      DROP DATABASE db | DropTable:t DropTable:u
      CREATE TABLE new (id INT) WITH SYSTEM VERSIONING | stop
      CREATE TABLE new (id INT PRIMARY KEY) | CreateTable:new TruncateTable:new
      CREATE TABLE t (id INT PRIMARY KEY) | CreateTable:t TruncateTable:t
      CREATE TABLE IF NOT EXISTS t (id INT PRIMARY KEY) |
      CREATE OR REPLACE TABLE t (id INT PRIMARY KEY) | CreateTable:t TruncateTable:t
      CREATE TABLE new LIKE t | CreateTable:new TruncateTable:new
      CREATE TABLE new LIKE other | stop
      ALTER TABLE t DROP PRIMARY KEY | stop
      ALTER TABLE t DROP PRIMARY KEY, ADD PRIMARY KEY (id) |
      ALTER TABLE t DROP PRIMARY KEY, ADD PRIMARY KEY (id, n) | stop
      ALTER TABLE t MODIFY n INT AS (id + 2) | stop
      ALTER TABLE t ADD COLUMN x INT | AddColumns:t
      """;

  @ParameterizedTest
  @EnumSource(Flavour.class)
  void statementsHaveTheseEffects(Flavour flavour) {
    for (String line : EFFECTS.split("\n")) {
      int bar = line.lastIndexOf('|');
      String sql = line.substring(0, bar).strip();
      if (flavour == Flavour.MYSQL && sql.startsWith("CREATE OR REPLACE TABLE")) {
        continue;
      }
      assertThat(
              effect(
                  catalog(flavour, "id INT NOT NULL, n INT, PRIMARY KEY (id)"),
                  LoggedStatement.of(sql, "db")))
          .as(sql)
          .isEqualTo(line.substring(bar + 1).strip());
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "BINARY(3) | BINARY(4)",
        "VARBINARY(3) | BINARY(3)",
        "BIT(3) | BIT(10)",
        "BIT(8) | BINARY(1)",
        "DECIMAL(40,2) | DECIMAL(40,3)",
        "DECIMAL(40,2) | DECIMAL(20,2)",
        "DECIMAL(10,2) | DECIMAL(10,1)",
        "DECIMAL(10,2) | DECIMAL(12,3)",
        "FLOAT(7,3) | FLOAT(7,2)",
        "DOUBLE | FLOAT",
        "TIME(3) | TIME(2)",
        "DATETIME(6) | DATETIME",
        "TIMESTAMP(6) | TIMESTAMP",
        "DATETIME | TIMESTAMP",
        "TIMESTAMP | DATETIME",
        "DATE | DATETIME",
        "ENUM('a','b') | ENUM('a','c','b2')",
        "ENUM('a','b') | ENUM('A','b')",
        "SET('a','b') | SET('b','a')",
        "SET('a','b') | SET('a')",
        "VARCHAR(5) | ENUM('a')",
        "VARCHAR(5) | CHAR(5)",
        "VARCHAR(5) | VARCHAR(4)",
        "TEXT | VARCHAR(400)",
        "MEDIUMTEXT | TEXT",
        "VARCHAR(5) | VARBINARY(20)",
        "BLOB | TEXT",
        "TINYINT(1) | TINYINT(4)",
        "TINYINT(4) | TINYINT(1)",
        "INT | YEAR",
        "INT | VARCHAR(20)",
        "BIGINT | BIGINT UNSIGNED",
        "INT | DECIMAL(12,0)"
      })
  void definitionsThatChangeStoredValuesStop(String from, String to) {
    for (Flavour flavour : Flavour.values()) {
      for (String clause : new String[] {"MODIFY v ", "CHANGE COLUMN v w ", "MODIFY COLUMN V "}) {
        assertThat(
                effect(
                    catalog(flavour, "id INT NOT NULL, v " + from + ", PRIMARY KEY (id)"),
                    LoggedStatement.of("ALTER TABLE t " + clause + to, "db")))
            .as(flavour + " " + clause + to)
            .isEqualTo("stop");
      }
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "INT | SMALLINT",
        "INT | INT UNSIGNED",
        "VARBINARY(9) | VARBINARY(4)",
        "DECIMAL(12,2) | DECIMAL(10,2)",
        "INT NULL | INT NOT NULL",
        "BIT(5) | BIT(4)",
        "CHAR(9) | CHAR(4)",
        "VARCHAR(9) CHARACTER SET utf8mb4 | VARCHAR(9) CHARACTER SET latin1"
      })
  void narrowerDefinitionsStopOnlyInSessionsThatAreNotStrict(String from, String to) {
    for (Flavour flavour : Flavour.values()) {
      String columns = "id INT NOT NULL, v " + from + ", PRIMARY KEY (id)";
      String sql = "ALTER TABLE t MODIFY v " + to;
      assertThat(effect(catalog(flavour, columns), LoggedStatement.of(sql, "db")))
          .isNotEqualTo("stop");
      assertThat(effect(catalog(flavour, columns), new LoggedStatement(sql, "db", 0)))
          .isEqualTo("stop");
    }
  }

  @org.junit.jupiter.api.Test
  void jsonAndTextAreDifferentInMySqlOnly() {
    String columns = "id INT NOT NULL, v JSON, w LONGTEXT, PRIMARY KEY (id)";
    for (String sql : new String[] {"MODIFY v LONGTEXT", "MODIFY w JSON"}) {
      LoggedStatement statement = LoggedStatement.of("ALTER TABLE t " + sql, "db");
      assertThat(effect(catalog(Flavour.MYSQL, columns), statement)).isEqualTo("stop");
      assertThat(effect(catalog(Flavour.MARIADB, columns), statement)).isEmpty();
    }
  }
}
