package io.firn.source;

import io.firn.testservers.DatabaseServer;
import io.firn.testservers.MySqlServer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

class MySqlTypesTest extends TypesContract {
  private static DatabaseServer server;

  @BeforeAll
  static void start() {
    server = MySqlServer.start("--explicit-defaults-for-timestamp=ON");
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  @Override
  DatabaseServer server() {
    return server;
  }

  @Override
  void more() {
    add(
        "JSON",
        "string",
        "'{\"k\": [1, 2], \"a\": null, \"longer\": {\"x\": true}}'",
        "{\"a\":null,\"k\":[1,2],\"longer\":{\"x\":true}}",
        "'[1.5, 1e100, 1e-7, -0.0, 100.0, 12345678901234567890, 3000000000, -3000000000]'",
        ANY,
        "'\"quote \\\\\" slash / back \\\\\\\\ tab \\\\t uml \u00e4 ctrl \\\\u0001\"'",
        "\"quote \\\" slash / back \\\\ tab \\t uml \u00e4 ctrl \\u0001\"",
        "'null'",
        "null",
        "'17'",
        "17",
        "JSON_OBJECT('d', CAST('2020-02-03' AS DATE), 't', CAST('-12:13:14.5' AS TIME(3)), 'dt',"
            + " CAST('2020-02-03 04:05:06.789' AS DATETIME(3)))",
        ANY,
        "JSON_ARRAY(CAST(1.10 AS DECIMAL(10,2)), CAST(12345678901234567.125 AS DECIMAL(30,3)),"
            + " CAST(7 AS UNSIGNED), 0.1, 1/3, PI())",
        ANY,
        "JSON_ARRAY(x'0102', b'101')",
        ANY,
        "(SELECT JSON_ARRAYAGG(n) FROM (WITH RECURSIVE s AS (SELECT 4000000000 AS n UNION ALL SELECT"
            + " n + 1 FROM s WHERE n < 4000000900) SELECT n FROM s) x)",
        ANY,
        "JSON_OBJECT('big', REPEAT('y', 70000), 'i', 2147483648, 'j', 4294967295, 'k', -1)",
        ANY);
    add("INT AS (id * 2) VIRTUAL", "int", "DEFAULT", ANY);
    add("INT AS (id + 1) STORED", "int", "DEFAULT", ANY);
    add("INT INVISIBLE", "int", "5", 5);
    add("VECTOR(3)", "binary", "TO_VECTOR('[1,2,3]')", ANY);
    // Behind everything that the server may or may not count as a character column.
    add(
        "VARCHAR(20) CHARACTER SET latin1 COLLATE latin1_bin",
        "string",
        "'na\u00efve'",
        "na\u00efve");
    add("CHAR(20) CHARACTER SET utf16", "string", "'\u6c34'", "\u6c34");
  }
}
