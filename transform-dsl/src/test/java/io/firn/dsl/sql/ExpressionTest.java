package io.firn.dsl.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.firn.dsl.Tables;
import io.firn.dsl.expression.EvaluationException;
import io.firn.dsl.finding.Findings;
import io.firn.model.row.Row;
import io.firn.model.schema.TableSchema;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ExpressionTest {
  private static final TableSchema T =
      Tables.table(
          "db.t",
          "i",
          "int not null",
          "l",
          "long",
          "d",
          "decimal(10,2)",
          "f",
          "double",
          "s",
          "string",
          "b",
          "boolean",
          "dd",
          "date",
          "ts",
          "timestamp",
          "tz",
          "timestamptz",
          "bytes",
          "binary",
          "Order",
          "int",
          "id2",
          "uuid",
          "t",
          "time");

  private static final Row ROW =
      Row.of(
          7,
          5_000_000_000L,
          new BigDecimal("12.50"),
          0.5,
          "Firn",
          true,
          19_782,
          1_709_208_309_000_000L,
          1_709_208_309_000_000L,
          ByteBuffer.wrap("xyz".getBytes(StandardCharsets.UTF_8)),
          3,
          java.util.UUID.randomUUID(),
          47_109_000_000L);

  private static final Row NULLS =
      Row.of(7, null, null, null, null, null, null, null, null, null, null, null, null);

  @ParameterizedTest
  @CsvSource(
      delimiterString = " => ",
      quoteCharacter = '"',
      value = {
        "i + 1 => 8",
        "i / 2 => 3",
        "-i % 4 => -3",
        "d + i => 19.50",
        "d * d => 156.2500",
        "d / 3 => 4.1666666666667",
        "d > 12 => true",
        "d = 12.5 => true",
        "l > i => true",
        "i < f => false",
        "f * 3 => 1.5",
        "i = '7' => true",
        "d >= '12.5' => true",
        "f = '0.5' => true",
        "dd = '2024-02-29' => true",
        "dd < '2024-02-29 00:00:01' => true",
        "ts > '2024-02-29 12:05:08' => true",
        "tz = '2024-02-29T13:05:09+01:00' => true",
        "tz > ts => false",
        "ts > dd => true",
        "dd < tz => true",
        "ts BETWEEN dd AND '2024-03-01' => true",
        "s || '-' || s => Firn-Firn",
        "s LIKE 'F%n' => true",
        "s LIKE '_irn' => true",
        "s LIKE 'f%' => false",
        "'50%' LIKE '50!%' ESCAPE '!' => true",
        "s NOT LIKE '%x%' => true",
        "i BETWEEN 7 AND 8 => true",
        "i NOT BETWEEN 7 AND 8 => false",
        "i IN (1, 7) => true",
        "l IN (1, 5000000000) => true",
        "i IN (7.0, 1) => true",
        "s IN ('a', 'Firn') => true",
        "dd IN ('2024-02-29') => true",
        "i NOT IN (1, 2) => true",
        "CASE WHEN i > 5 THEN 'big' WHEN i > 1 THEN 'm' ELSE 'small' END => big",
        "CASE i WHEN 1 THEN 'one' WHEN 7 THEN 'seven' END => seven",
        "CASE WHEN i > 100 THEN 1 ELSE 2.5 END => 2.5",
        "CAST(d AS INT) => 12",
        "CAST('12.345' AS DECIMAL(6,2)) => 12.35",
        "CAST(i AS STRING) || 'x' => 7x",
        "CAST(s AS VARCHAR(2)) => Fi",
        "CAST(s AS CHAR) => Firn",
        "CAST(ts AS DATE) => 2024-02-29",
        "CAST(tz AS TIMESTAMP) => 2024-02-29 12:05:09",
        "CAST('2024-02-29T12:05:09Z' AS TIMESTAMP_LTZ) => 2024-02-29 12:05:09",
        "CAST(bytes AS STRING) => xyz",
        "CAST(1 AS BOOLEAN) => true",
        "TRY_CAST(s AS INT) => NULL",
        "TRY_CAST('12' AS INT) => 12",
        "dd + INTERVAL '1' DAY => 2024-03-01",
        "dd + INTERVAL '1' MONTH => 2024-03-29",
        "ts - INTERVAL '2' HOUR => 2024-02-29 10:05:09",
        "dd + INTERVAL '1' HOUR => 2024-02-29 01:00:00",
        "EXTRACT(HOUR FROM t) => 13",
        "TIMESTAMPDIFF(HOUR, dd, ts) => 12",
        "TIMESTAMPADD(DAY, 1, dd) => 2024-03-01 00:00:00",
        "COALESCE(l, i) => 5000000000",
        "`Order` + 1 => 4",
        "`order` => 3",
        "S => Firn",
        "IF(b, i, l) => 7",
        "ROUND(d, 1) => 12.50",
        "i IS NOT NULL AND b IS TRUE => true",
        "upper(s) => FIRN",
        "MD5(bytes) => d16fb36f0911f878998c136191af705e",
        "CURRENT_TIMESTAMP => 1970-01-01 00:00:01",
      })
  void givesTheValue(String sql, String expected) {
    assertThat(Evaluated.text(sql, T, ROW)).isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource(
      delimiterString = " => ",
      quoteCharacter = '"',
      value = {
        "l + 1 => NULL",
        "l > 1 => NULL",
        "NOT (l > 1) => NULL",
        "l > 1 AND i = 8 => false",
        "l > 1 AND i = 7 => NULL",
        "l > 1 OR i = 7 => true",
        "l > 1 OR i = 8 => NULL",
        "b IS NOT TRUE => true",
        "b IS UNKNOWN => true",
        "l IS DISTINCT FROM NULL => false",
        "l IS NOT DISTINCT FROM 5 => false",
        "l IN (1, 2) => NULL",
        "i IN (1, l) => NULL",
        "i IN (7, l) => true",
        "i NOT IN (1, l) => NULL",
        "l BETWEEN 1 AND 2 => NULL",
        "i BETWEEN 8 AND l => false",
        "COALESCE(l, i) => 7",
        "NULLIF(i, 7) => NULL",
        "s || 'x' => NULL",
        "CONCAT_WS(',', s, 'x') => x",
        "CASE WHEN b THEN 1 ELSE 2 END => 2",
        "CASE WHEN b THEN 1 END => NULL",
        "s LIKE '%' => NULL",
        "UPPER(s) => NULL",
        "DATE_FORMAT(ts, 'yyyy') => NULL",
        "CAST(s AS INT) => NULL",
        "dd + INTERVAL '1' DAY => NULL",
        "NULL = NULL => NULL",
      })
  void knowsThreeValues(String sql, String expected) {
    assertThat(Evaluated.text(sql, T, NULLS)).isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource(
      delimiterString = " => ",
      quoteCharacter = '"',
      value = {
        "i + 1 => int not null",
        "i + l => long",
        "i * 2147483648 => long not null",
        "d + d => decimal(11,2)",
        "d * d => decimal(20,4)",
        "i / f => double",
        "s || 'x' => string",
        "COALESCE(l, 0) => long not null",
        "CASE WHEN b THEN d ELSE 0 END => decimal(12,2)",
        "CASE WHEN b THEN i END => int",
        "i > 1 => boolean not null",
        "l > 1 => boolean",
        "l IS NULL => boolean not null",
        "TRY_CAST(i AS SMALLINT) => smallint",
        "CAST(i AS BIGINT) => long not null",
        "NOW() => timestamptz not null",
        "CAST(s AS DECIMAL) => decimal(10,0)",
        "dd + INTERVAL '1' DAY => date",
      })
  void derivesTheType(String sql, String expected) {
    assertThat(Evaluated.type(sql, T)).isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource(
      delimiterString = " => ",
      quoteCharacter = '"',
      value = {
        "i + 2147483647",
        "-(i - 2147483647 - 1 - 7)",
        "l * 5000000000",
        "i / (i - 7)",
        "d % 0",
        "f / 0",
        "CAST(l AS INT)",
        "CAST(s AS INT)",
        "CAST(l AS TINYINT)",
        "CAST(s AS DATE)",
        "CAST('1e999999999' || s AS DECIMAL(10,2))",
        "CAST(d * 1000000000 AS DECIMAL(10,2))",
        "REPEAT(s, 100000000)",
        "LPAD(s, 2000000000, 'x')",
        "SQRT(-i)",
        "TO_TIMESTAMP(s)",
        "CAST(f * 1e300 AS BIGINT)",
      })
  void whatDoesNotFitIsAnErrorOfTheRow(String sql) {
    assertThatThrownBy(() -> Evaluated.text(sql, T, ROW)).isInstanceOf(EvaluationException.class);
  }

  @ParameterizedTest
  @CsvSource(
      delimiterString = " => ",
      quoteCharacter = '"',
      value = {
        "s > 5 => A string cannot be compared with a int",
        "i = s => A int cannot be compared with a string",
        "dd > 'soon' => is not a timestamp",
        "i = 'x' => is not a number",
        "i + s => cannot be applied to",
        "i AND b => cannot be applied to",
        "UPPER(i) => The function UPPER cannot take (int)",
        "SUBSTRING(s) => ",
        "nope(s) => Unknown function",
        "t.s => is qualified",
        "(SELECT 1) => ",
        "EXISTS (SELECT 1) => ",
        "? => '?' has no meaning",
        "s + => The expression ends too early",
        "s = 'a => ",
        "SUM(i) => Unknown function",
        "ROW(1, 2) => ",
        "CAST(s AS geometry) => ",
        "CAST(b AS DATE) => ",
        "CAST(s AS nonsense) => Unknown type",
        "id2 = 'x' => cannot work with",
        "REGEXP_LIKE(s, '(') => is not a regular expression",
        "DATE_FORMAT(ts, 'qqqqqqq') => is not a pattern",
        "TIMESTAMPDIFF(EPOCH, ts, ts) => Unknown unit",
        "1 / 0 => Division by zero",
        "CURRENT_USER => ",
        "s LIKE 'a!b' ESCAPE '!' => escape character",
        "CASE WHEN b THEN 1 ELSE 'x' END => ",
        "COALESCE(i, s) => cannot take",
        "i IN ('a') => is not a number",
        "i; DROP TABLE t => ",
        "b FROM x => ",
      })
  void wrongExpressionIsFound(String sql, String message) {
    assertThat(Evaluated.errors(sql, T)).isNotEmpty().contains(message == null ? "" : message);
  }

  @Test
  void allUnknownNamesAreReportedAtOnce() {
    assertThat(Evaluated.errors("aaaaa = 1 AND bbbbb = 2 AND FOO(ccccc) = 3", T).split("\n"))
        .hasSize(4);
  }

  @Test
  void unicodeTextIsTakenAsItIs() {
    assertThat(Evaluated.text("'Zürich — 冰川 🏔' || s", T, ROW)).isEqualTo("Zürich — 冰川 🏔Firn");
    assertThat(Evaluated.text("CHAR_LENGTH('a🏔b')")).isEqualTo("3");
    assertThat(Evaluated.text("SUBSTRING('a🏔b', 2, 1)")).isEqualTo("🏔");
    assertThat(Evaluated.text("'a🏔b' LIKE 'a_b'")).isEqualTo("true");
    assertThat(Evaluated.text("REVERSE('a🏔b')")).isEqualTo("b🏔a");
  }

  @Test
  @Timeout(30)
  void hugeExpressionsAreRefusedAndDoNotExhaustTheStack() {
    assertThat(Evaluated.errors("(".repeat(20_000) + "i" + ")".repeat(20_000), T))
        .contains("nested");
    assertThat(Evaluated.errors("i" + " + 1".repeat(5_000), T)).contains("nested");
    assertThat(Evaluated.errors("NOT ".repeat(10_000) + "b", T)).contains("nested");
    assertThat(Evaluated.errors("'" + "x".repeat(60_000) + "'", T)).contains("longer than");
  }

  @Test
  @Timeout(10)
  void patternsThatAreSlowElsewhereAreFastHere() {
    String many = "a".repeat(5_000);
    assertThat(Evaluated.text("REGEXP_LIKE('" + many + "', '(.*a){12}b')")).isEqualTo("false");
    assertThat(Evaluated.text("'" + many + "' LIKE '%a%a%a%a%a%a%b'")).isEqualTo("false");
  }

  @Test
  void namesAreNeverTakenForJava() {
    Findings findings = new Findings("x");
    assertThat(Evaluated.compile("java.lang.Runtime.getRuntime()", T, findings)).isEmpty();
    assertThat(findings.hasErrors()).isTrue();
  }
}
