package io.firn.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.firn.model.error.UnsupportedChangeException;
import io.firn.model.row.Row;
import io.firn.model.row.RowChange;
import io.firn.model.schema.Column;
import io.firn.model.schema.TableId;
import io.firn.model.schema.TableSchema;
import io.firn.source.snapshot.SourceTableReader;
import io.firn.source.type.TypeOptions;
import io.firn.testservers.DatabaseServer;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/**
 * The law of types: a value written before the start (and so read by the snapshot) and the same
 * value written after it (and so read from the binlog) are identical.
 */
abstract class TypesContract {

  /**
   * Values of one column type.
   *
   * @param definition the column's definition in SQL
   * @param type the column's type in the lake
   * @param values SQL literals and, where it is worth saying, what they become
   */
  record Case(String definition, String type, Map<String, Object> values) {}

  private final List<Case> cases = new ArrayList<>();

  abstract DatabaseServer server();

  /** Cases of this flavour alone. */
  abstract void more();

  final void add(String definition, String type, Object... literalsAndValues) {
    Map<String, Object> values = new LinkedHashMap<>();
    for (int i = 0; i < literalsAndValues.length; i += 2) {
      values.put((String) literalsAndValues[i], literalsAndValues[i + 1]);
    }
    if (!definition.contains(" AS (")) {
      values.put("NULL", null);
    }
    cases.add(new Case(definition, type, values));
  }

  /** Stands for: whatever it is, snapshot and stream must agree on it. */
  static final Object ANY =
      new Object() {
        @Override
        public String toString() {
          return "any";
        }
      };

  static ByteBuffer bytes(int... values) {
    byte[] bytes = new byte[values.length];
    for (int i = 0; i < values.length; i++) {
      bytes[i] = (byte) values[i];
    }
    return ByteBuffer.wrap(bytes);
  }

  private static BigDecimal decimal(String text) {
    return new BigDecimal(text);
  }

  private void common() {
    add("TINYINT", "int", "-128", -128, "127", 127);
    add("TINYINT(1)", "boolean", "0", false, "1", true, "-5", true);
    add("BOOL", "boolean", "TRUE", true, "FALSE", false);
    add("TINYINT UNSIGNED", "int", "0", 0, "255", 255);
    add("SMALLINT", "int", "-32768", -32768, "32767", 32767);
    add("SMALLINT UNSIGNED", "int", "65535", 65535);
    add("MEDIUMINT", "int", "-8388608", -8388608, "8388607", 8388607);
    add("MEDIUMINT UNSIGNED", "int", "16777215", 16777215);
    add("INT", "int", "-2147483648", Integer.MIN_VALUE, "2147483647", Integer.MAX_VALUE);
    add("INT UNSIGNED", "long", "4294967295", 4294967295L);
    add("INT(8) UNSIGNED ZEROFILL", "long", "42", 42L);
    add(
        "BIGINT",
        "long",
        "-9223372036854775808",
        Long.MIN_VALUE,
        "9223372036854775807",
        Long.MAX_VALUE);
    add(
        "BIGINT UNSIGNED",
        "decimal(20, 0)",
        "18446744073709551615",
        decimal("18446744073709551615"),
        "1",
        decimal("1"));
    add(
        "FLOAT",
        "float",
        "16777215",
        16777215f,
        "3.1415927",
        3.1415927f,
        "-1e-38",
        -1e-38f,
        "123456.789",
        ANY,
        "0.1",
        0.1f);
    add("FLOAT(53)", "double", "3.141592653589793", Math.PI);
    add(
        "DOUBLE",
        "double",
        "3.141592653589793",
        Math.PI,
        "-1.7976931348623157e308",
        -Double.MAX_VALUE,
        "0.1",
        0.1,
        "1e-300",
        1e-300);
    add(
        "DECIMAL(10,2)",
        "decimal(10, 2)",
        "12345678.90",
        decimal("12345678.90"),
        "-0.01",
        decimal("-0.01"),
        "0",
        decimal("0.00"));
    add(
        "DECIMAL(38,10)",
        "decimal(38, 10)",
        "-1234567890123456789012345678.0123456789",
        decimal("-1234567890123456789012345678.0123456789"));
    add("DECIMAL(5)", "decimal(5, 0)", "99999", decimal("99999"));
    add("DECIMAL(4,4)", "decimal(4, 4)", "-0.9999", decimal("-0.9999"));
    add("NUMERIC(19,9)", "decimal(19, 9)", "1234567890.123456789", decimal("1234567890.123456789"));
    add(
        "DECIMAL(65,30)",
        "string",
        "99999999999999999999999999999999999.999999999999999999999999999999",
        "99999999999999999999999999999999999.999999999999999999999999999999",
        "-0.5",
        "-0.500000000000000000000000000000");
    add(
        "DATE",
        "date",
        "'1970-01-01'",
        0,
        "'9999-12-31'",
        2932896,
        "'1000-01-01'",
        -354285,
        "'0000-00-00'",
        null,
        "'2020-00-00'",
        null);
    add("TIME", "time", "'00:00:00'", 0L, "'23:59:59'", 86399000000L);
    add("TIME(6)", "time", "'12:34:56.123456'", 45296123456L, "'00:00:00.000001'", 1L);
    add("TIME(2)", "time", "'12:34:56.12'", 45296120000L);
    add(
        "DATETIME",
        "timestamp",
        "'1970-01-01 00:00:00'",
        0L,
        "'9999-12-31 23:59:59'",
        ANY,
        "'1000-01-01 00:00:00'",
        ANY,
        "'0000-00-00 00:00:00'",
        null);
    add(
        "DATETIME(6)",
        "timestamp",
        "'1970-01-01 00:00:00.000001'",
        1L,
        "'1969-12-31 23:59:59.999999'",
        -1L,
        "'2024-02-29 12:00:00.120000'",
        ANY);
    add(
        "DATETIME(3)",
        "timestamp",
        "'1970-01-01 00:00:00.123'",
        123000L,
        "'1970-01-01 00:00:00.002'",
        2000L);
    add(
        "TIMESTAMP NULL",
        "timestamptz",
        "'1970-01-01 00:00:01'",
        1000000L,
        "'2038-01-19 03:14:07'",
        2147483647000000L,
        "'0000-00-00 00:00:00'",
        null);
    add("TIMESTAMP(6) NULL", "timestamptz", "'2024-06-30 12:00:00.123456'", 1719748800123456L);
    add("YEAR", "int", "1901", 1901, "2155", 2155, "'0000'", 0);
    add(
        "CHAR(10)",
        "string",
        "'abc'",
        "abc",
        "''",
        "",
        "'  x '",
        "  x",
        "'\u00e4\u20ac'",
        "\u00e4\u20ac");
    add("CHAR(200) CHARACTER SET utf8mb4", "string", "'wide'", "wide");
    add(
        "VARCHAR(300) CHARACTER SET utf8mb4",
        "string",
        "'\ud83d\ude00 smile '",
        "\ud83d\ude00 smile ",
        "'it''s \\\\ here'",
        "it's \\ here");
    add("VARCHAR(20) CHARACTER SET latin1", "string", "'caf\u00e9 \u20ac'", "caf\u00e9 \u20ac");
    add(
        "VARCHAR(20) CHARACTER SET cp1251",
        "string",
        "'\u0438\u0432\u0430\u043d'",
        "\u0438\u0432\u0430\u043d");
    add("TEXT CHARACTER SET ucs2", "string", "'\u6c34 water'", "\u6c34 water");
    add("TINYTEXT", "string", "'tiny'", "tiny");
    add("TEXT", "string", "'line\\nbreak\\ttab'", "line\nbreak\ttab");
    add("MEDIUMTEXT", "string", "REPEAT('m', 70000)", "m".repeat(70000));
    add("LONGTEXT", "string", "'long'", "long");
    add(
        "BINARY(5)",
        "binary",
        "x'0102'",
        bytes(1, 2, 0, 0, 0),
        "x'0000000000'",
        bytes(0, 0, 0, 0, 0),
        "x'FF00FF0000'",
        bytes(255, 0, 255, 0, 0));
    add(
        "VARBINARY(300)",
        "binary",
        "x'00FF10'",
        bytes(0, 255, 16),
        "x''",
        bytes(),
        "x'0100'",
        bytes(1, 0));
    add("BLOB", "binary", "x'DEADBEEF'", bytes(0xde, 0xad, 0xbe, 0xef));
    add("TINYBLOB", "binary", "x'00'", bytes(0));
    add("LONGBLOB", "binary", "REPEAT(x'AB', 300)", ANY);
    add("BIT(1)", "boolean", "b'0'", false, "b'1'", true);
    add("BIT(5)", "binary", "b'10101'", bytes(0x15), "b'0'", bytes(0));
    add("BIT(12)", "binary", "b'101010101010'", bytes(0x0a, 0xaa), "b'1'", bytes(0, 1));
    add("BIT(64)", "binary", "x'8000000000000001'", bytes(0x80, 0, 0, 0, 0, 0, 0, 1));
    add(
        "ENUM('a','b c','it''s','\u00f6')",
        "string",
        "'a'",
        "a",
        "'b c'",
        "b c",
        "'it''s'",
        "it's",
        "'\u00f6'",
        "\u00f6",
        "''",
        "");
    add("SET('x','y','z,')".replace("z,", "z"), "string", "'x'", "x", "'z,x'", "x,z", "''", "");
    add(
        "GEOMETRY",
        "binary",
        "ST_GeomFromText('POINT(1 2)')",
        ANY,
        "ST_GeomFromText('LINESTRING(0 0, 1 1, 2 2)')",
        ANY);
    add("POINT", "binary", "ST_GeomFromText('POINT(-1.5 2.25)')", ANY);
  }

  @Test
  void snapshotAndStreamGiveIdenticalValues() {
    common();
    more();
    List<String> columns = new ArrayList<>();
    for (int i = 0; i < cases.size(); i++) {
      columns.add("c" + i + " " + cases.get(i).definition());
    }
    server()
        .execute("DROP DATABASE IF EXISTS types", "CREATE DATABASE types CHARACTER SET utf8mb4");
    String create = "(id INT PRIMARY KEY, " + String.join(", ", columns) + ")";
    server().execute("CREATE TABLE types.t " + create);
    int rows = cases.stream().mapToInt(c -> c.values().size()).max().orElseThrow();
    insert(rows);
    TableId table = new TableId("types", "t");
    MySqlSource source = Servers.source(server(), "types.\\.*");
    try (Recording recording = Recording.open(source).toEnd()) {
      TableSchema schema = recording.schemaChanges().get(0).schemaAfter();
      List<RowChange> snapshot = recording.changes(table);
      recording.forget();
      server().execute("DELETE FROM types.t");
      insert(rows);
      recording.toEnd();
      List<RowChange> deleted = recording.changes(table).subList(0, rows);
      List<RowChange> stream = recording.changes(table).subList(rows, 2 * rows);
      for (int i = 0; i < cases.size(); i++) {
        Column column = schema.columns().get(i + 1);
        Case expected = cases.get(i);
        assertThat(column.type()).as(expected.definition()).hasToString(expected.type());
        List<Map.Entry<String, Object>> values = new ArrayList<>(expected.values().entrySet());
        for (int row = 0; row < rows; row++) {
          Map.Entry<String, Object> value = values.get(row % values.size());
          Object read = snapshot.get(row).after().get(i + 1);
          String what = expected.definition() + " " + value.getKey();
          assertThat(stream.get(row).after().get(i + 1)).as(what).isEqualTo(read);
          assertThat(deleted.get(row).before().get(i + 1)).as(what).isEqualTo(read);
          if (value.getValue() != ANY) {
            assertThat(read).as(what).isEqualTo(value.getValue());
          }
        }
      }
      Map<List<Object>, Row> byReader = recording.table(table);
      assertThat(readAll(table)).containsExactlyInAnyOrderElementsOf(byReader.values());
    }
  }

  @Test
  void timeBeyondADayStopsWithAHintAndFitsAsText() {
    server()
        .execute(
            "DROP DATABASE IF EXISTS times",
            "CREATE DATABASE times",
            "CREATE TABLE times.t (id INT PRIMARY KEY, t TIME(3))");
    TableId table = new TableId("times", "t");
    try (Recording recording = Recording.open(Servers.source(server(), "times.t")).toEnd()) {
      server().execute("INSERT INTO times.t VALUES (1, '-838:59:59'), (2, '100:00:00.5')");
      assertThatThrownBy(recording::toEnd)
          .isInstanceOf(UnsupportedChangeException.class)
          .hasMessageContaining("times.t, column 't': TIME '-838:59:59.000'")
          .hasMessageContaining("time.as-text");
    }
    MySqlSourceOptions options = Servers.options(server(), "times.t").build();
    MySqlSource asText =
        new MySqlSource(
            Servers.options(server(), "times.t")
                .types(new TypeOptions(options.flavour(), true, true, false))
                .build());
    try (Recording recording = Recording.open(asText).toEnd()) {
      assertThat(recording.changes(table))
          .extracting(change -> change.after().get(1))
          .containsExactly("-838:59:59.000", "100:00:00.500");
      recording.forget();
      server().execute("UPDATE times.t SET id = id + 10");
      recording.toEnd();
      assertThat(recording.table(table).values())
          .extracting(row -> row.get(1))
          .containsExactly("-838:59:59.000", "100:00:00.500");
    }
  }

  @Test
  void tablesCreatedWhileRunningUseTheirDatabasesCharacterSet() {
    server().execute("DROP DATABASE IF EXISTS western", "DROP DATABASE IF EXISTS eastern");
    server().execute("CREATE DATABASE western CHARACTER SET latin1");
    server().execute("CREATE TABLE western.start (id INT PRIMARY KEY)");
    MySqlSource source = Servers.source(server(), "western.\\.*, eastern.\\.*");
    try (Recording recording = Recording.open(source).toEnd()) {
      recording.forget();
      server()
          .execute(
              "SET NAMES utf8mb4",
              "CREATE DATABASE eastern COLLATE cp1251_general_ci",
              "CREATE TABLE western.t (id INT PRIMARY KEY, v VARCHAR(9), b VARCHAR(9) CHARACTER SET"
                  + " utf8mb4, c TEXT)",
              "CREATE TABLE eastern.t (id INT PRIMARY KEY, v CHAR(9))",
              "INSERT INTO western.t VALUES (1, 'caf\u00e9', '\u6c34', '\u00fc')",
              "INSERT INTO eastern.t VALUES (1, '\u0438\u0432\u0430\u043d')");
      recording.toEnd();
      assertThat(recording.changes())
          .extracting(RowChange::after)
          .containsExactly(
              Row.of(1, "caf\u00e9", "\u6c34", "\u00fc"), Row.of(1, "\u0438\u0432\u0430\u043d"));
    }
  }

  @Test
  void rowsAreFoundByTheirKeys() {
    server()
        .execute(
            "DROP DATABASE IF EXISTS lookup",
            "CREATE DATABASE lookup",
            "SET NAMES utf8mb4",
            "CREATE TABLE lookup.t (a VARCHAR(20), b BIGINT UNSIGNED, c DATETIME(6), d VARBINARY(4), n"
                + " INT, PRIMARY KEY (a, b, c, d))",
            "INSERT INTO lookup.t VALUES ('it''s \u00e4', 18446744073709551615, '2024-01-02"
                + " 03:04:05.000006', x'00ff', 1), ('x', 2, '1969-01-01 00:00:00', '', 2)");
    MySqlSourceOptions options = Servers.options(server(), "lookup.t").build();
    List<Row> all = new ArrayList<>();
    List<Row> found = new ArrayList<>();
    try (SourceTableReader reader = SourceTableReader.open(options, new TableId("lookup", "t"))) {
      reader.forEach(all::add);
      List<Object[]> keys = new ArrayList<>();
      for (Row row : all) {
        keys.add(new Object[] {row.get(0), row.get(1), row.get(2), row.get(3)});
      }
      keys.add(new Object[] {"nobody", new BigDecimal(1), 0L, bytes()});
      reader.forEach(keys, found::add);
    }
    assertThat(all).hasSize(2);
    assertThat(found).containsExactlyInAnyOrderElementsOf(all);
  }

  private List<Row> readAll(TableId table) {
    List<Row> all = new ArrayList<>();
    try (SourceTableReader reader =
        SourceTableReader.open(Servers.options(server(), "types.\\.*").build(), table)) {
      reader.forEach(all::add);
    }
    return all;
  }

  private void insert(int rows) {
    List<String> statements = new ArrayList<>();
    statements.add("SET sql_mode = ''");
    statements.add("SET NAMES utf8mb4");
    String names =
        java.util.stream.IntStream.range(0, cases.size())
            .mapToObj(i -> "c" + i)
            .collect(java.util.stream.Collectors.joining(", "));
    for (int row = 0; row < rows; row++) {
      List<String> literals = new ArrayList<>();
      for (Case c : cases) {
        List<String> keys = new ArrayList<>(c.values().keySet());
        literals.add(keys.get(row % keys.size()));
      }
      statements.add(
          "INSERT INTO types.t (id, "
              + names
              + ") VALUES ("
              + row
              + ", "
              + String.join(", ", literals)
              + ")");
    }
    server().execute(statements.toArray(String[]::new));
  }
}
