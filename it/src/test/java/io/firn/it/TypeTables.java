package io.firn.it;

import io.firn.testservers.DatabaseServer;

/** Tables with a column of every type of docs/types.md, and their changes. */
final class TypeTables {
  /** Every type but {@code TIME}. */
  static final String ALL_TYPES = "all_types";

  /** Only {@code TIME}, which Spark does not know. */
  static final String TIMES = "times";

  /** Has had a column that was dropped after rows were written. */
  static final String DROPPED = "dropped";

  /** Got columns with defaults after rows were written; format 3 only. */
  static final String DEFAULTS = "defaults";

  /** Days before 1900, which ClickHouse does not know. */
  static final String DAYS = "days";

  private TypeTables() {}

  static void create(DatabaseServer server, String database) {
    server.execute(
        "USE " + database,
        """
        CREATE TABLE all_types (
          id BIGINT NOT NULL PRIMARY KEY,
          flag TINYINT(1), tiny TINYINT, small SMALLINT UNSIGNED, medium MEDIUMINT, plain INT,
          unsigned_int INT UNSIGNED, big BIGINT, unsigned_big BIGINT UNSIGNED,
          single FLOAT, twice DOUBLE, amount DECIMAL(38,10), wide DECIMAL(50,5),
          a_day DATE, local_time DATETIME(6), instant TIMESTAMP(6) NULL, a_year YEAR,
          fixed CHAR(5), name VARCHAR(60), story TEXT, colour ENUM('red', 'green'),
          colours SET('red', 'green', 'blue'), fixed_bytes BINARY(4), some_bytes VARBINARY(20),
          blob_bytes BLOB, bit1 BIT(1), bit9 BIT(9), document JSON, place POINT)""",
        "CREATE TABLE times (id INT NOT NULL PRIMARY KEY, at TIME(3), seconds TIME)",
        "CREATE TABLE days (id INT NOT NULL PRIMARY KEY, day DATE)",
        "INSERT INTO days VALUES (1, '1899-12-31'), (2, '1000-01-01'), (3, '9999-12-31')",
        "CREATE TABLE dropped (id INT NOT NULL PRIMARY KEY, gone INT, kept VARCHAR(10))",
        "INSERT INTO dropped VALUES (1, 1, 'a'), (2, 2, 'b'), (3, 3, 'c')",
        "CREATE TABLE defaults (id INT NOT NULL PRIMARY KEY, name VARCHAR(10))",
        "INSERT INTO defaults VALUES (1, 'a'), (2, 'b'), (3, 'c')");
    insert(server, database, 1, 4);
  }

  /** Rows before the snapshot and rows after it, changed ones and deleted ones. */
  static void change(DatabaseServer server, String database, boolean withDefaults) {
    if (withDefaults) {
      server.execute(
          "USE " + database,
          "ALTER TABLE defaults ADD COLUMN number INT NOT NULL DEFAULT 7,"
              + " ADD COLUMN word VARCHAR(10) DEFAULT 'yes'",
          "INSERT INTO defaults VALUES (4, 'd', 8, 'no'), (5, 'e', 9, NULL)",
          "UPDATE defaults SET name = 'x' WHERE id = 2");
    }
    server.execute(
        "USE " + database,
        "UPDATE all_types SET name = 'changed', unsigned_big = 18446744073709551615 WHERE id = 2",
        "DELETE FROM all_types WHERE id = 3",
        "UPDATE times SET at = '23:59:59.999' WHERE id = 2",
        "DELETE FROM times WHERE id = 3",
        "INSERT INTO days VALUES (4, '1582-10-04')",
        "DELETE FROM days WHERE id = 1",
        "INSERT INTO dropped VALUES (4, 4, 'd')",
        "ALTER TABLE dropped DROP COLUMN gone",
        "INSERT INTO dropped VALUES (5, 'e')",
        "UPDATE dropped SET kept = 'f' WHERE id = 1",
        "ALTER TABLE all_types MODIFY plain BIGINT, MODIFY single DOUBLE, MODIFY tiny INT");
    insert(server, database, 5, 9);
  }

  private static void insert(DatabaseServer server, String database, int from, int to) {
    for (int id = from; id <= to; id++) {
      server.execute(
          "USE " + database,
          "INSERT INTO times VALUES (" + id + ", '0" + id + ":02:03.004', '10:20:3" + id + "')",
          id % 4 == 0
              ? "INSERT INTO all_types (id) VALUES (" + id + ")"
              : """
                INSERT INTO all_types (id, flag, tiny, small, medium, plain, unsigned_int, big,
                  unsigned_big, single, twice, amount, wide, a_day, local_time, instant, a_year,
                  fixed, name, story, colour, colours, fixed_bytes, some_bytes, blob_bytes, bit1,
                  bit9, document, place)
                VALUES (%d, 1, -128, 65535, -8388608, 2147483647, 4294967295,
                  -9223372036854775808, 9223372036854775808, -0.25, 1.5e-9,
                  -1234567890123456789012345678.0123456789,
                  123456789012345678901234567890123456789012345.00001,
                  '1900-01-01', '1969-12-31 23:59:59.999999', '2038-01-19 03:14:07.123456', 2155,
                  'ab', 'Grüße 🐟 %d', 'line one\\nline two\\t\\\\ "quoted" ''x''', 'green',
                  'red,blue', x'00ff', x'0001feff', x'', 1, b'100000001', '[%d]',
                  ST_GeomFromText('POINT(1.5 -2)'))"""
                  .formatted(id, id, id));
    }
  }
}
