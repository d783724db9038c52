package io.firn.dsl.sql;

import static org.assertj.core.api.Assertions.assertThat;

import io.firn.dsl.FakeEnvironment;
import io.firn.dsl.PipelineFile;
import io.firn.dsl.Planner;
import io.firn.dsl.Tables;
import io.firn.dsl.finding.Finding;
import io.firn.dsl.finding.Result;
import io.firn.dsl.plan.PipelinePlan;
import io.firn.dsl.spec.PipelineSpec;
import io.firn.model.schema.TableSchema;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Whatever an expression is, it is refused with its place, quickly, or it is harmless. */
class HostileExpressionsTest {
  private static final TableSchema T = Tables.table("shop.t", "id", "int not null", "s", "string");
  private static final String GOOD =
      """
      source:
        type: mysql
        hostname: 127.0.0.1
        username: firn
        password: secret
        tables: shop.\\.*
      sink:
        type: iceberg
        catalog.properties.type: hadoop
        catalog.properties.warehouse: /tmp/lake
      """;

  private static String rule(String lines) {
    return GOOD + "transform:\n  - source-table: shop.\\.*\n" + lines.indent(4);
  }

  private static String filter(String sql) {
    return rule("filter: |\n" + sql.indent(2));
  }

  static Stream<Arguments> texts() {
    Map<String, String> texts = new TreeMap<>();
    texts.put("deep parentheses", filter("(".repeat(100_000) + "1 = 1" + ")".repeat(100_000)));
    texts.put("deep NOT", filter("NOT ".repeat(50_000) + "TRUE"));
    texts.put("deep CASE", filter("CASE WHEN ".repeat(20_000) + "TRUE"));
    texts.put("long sum", filter("1" + " + 1".repeat(100_000) + " > 0"));
    texts.put("long AND", filter("1 = 1" + " AND 1 = 1".repeat(50_000)));
    texts.put("long text", filter("'" + "x".repeat(900_000)));
    texts.put("deep call", filter("ABS(".repeat(20_000) + "1" + ")".repeat(20_000) + " > 0"));
    texts.put("minus signs", filter("- ".repeat(100_000) + "1 > 0"));
    texts.put("comparison of text", filter("'a' || " + "'b' || ".repeat(20_000) + "'c'"));
    texts.put("semicolon", filter("1 = 1; DROP TABLE x"));
    texts.put("line comment", filter("1 = 1 -- x\nOR"));
    texts.put("open comment", filter("1 = 1 /* x"));
    texts.put("subquery", filter("id IN (SELECT 1)"));
    texts.put("exists", filter("EXISTS (SELECT 1 FROM t)"));
    texts.put("union", filter("1 = 1 UNION SELECT 1"));
    texts.put("whole query", filter("SELECT 1"));
    texts.put("window", filter("ROW_NUMBER() OVER (PARTITION BY 1) = 1"));
    texts.put("aggregate", filter("SUM(1) > 0"));
    texts.put("reflection", filter("java.lang.Runtime.getRuntime().exec('x') IS NULL"));
    texts.put("class name", filter("\"java.lang.System\".exit(1) = 1"));
    texts.put("cast to a class", filter("CAST(1 AS java.lang.Object) IS NULL"));
    texts.put("parameter", filter("? = 1"));
    texts.put("unicode letters", filter("ｉｄ ＝ 1"));
    texts.put("zero width", filter("1 =\u200b 1"));
    texts.put("emoji", filter("🏔 > 1"));
    texts.put("unicode escape", filter("U&'\\00zz' = 'x'"));
    texts.put("huge number", filter("1e999999999 > 0"));
    texts.put("long number", filter("9".repeat(100_000) + " > 0"));
    texts.put("huge precision", filter("CAST(1 AS DECIMAL(999999999, 5)) > 0"));
    texts.put("huge repeat", filter("REPEAT('x', 2000000000) = 'x'"));
    texts.put("constant regex bomb", filter("REGEXP_LIKE('a', '((a{900}){900}){900}')"));
    texts.put("projection of nothing", rule("projection: ''"));
    texts.put("projection of commas", rule("projection: '" + ",".repeat(100_000) + "'"));
    texts.put("projection of stars", rule("projection: '" + "*, ".repeat(100_000) + "*'"));
    texts.put("projection of subquery", rule("projection: (SELECT password FROM mysql.user) AS p"));
    return texts.entrySet().stream().map(e -> Arguments.of(e.getKey(), e.getValue()));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("texts")
  @Timeout(20)
  void expressionIsRefusedWithItsPlace(String name, String text) {
    Result<PipelineSpec> spec = PipelineFile.parse("p.yaml", text, FakeEnvironment.empty());
    List<Finding> findings = spec.findings();
    if (spec.value().isPresent()) {
      Result<PipelinePlan> plan = Planner.plan(spec.value().get(), Map.of(T.table(), T));
      assertThat(plan.value()).isEmpty();
      findings = plan.findings();
    }
    assertThat(findings).isNotEmpty();
    for (Finding finding : findings) {
      assertThat(finding.toString())
          .matches("(?s)p\\.yaml:1\\d:\\d+: .*")
          .hasSizeLessThan(2_000)
          .doesNotContain("Exception", "org.apache.calcite", "\u200b");
    }
  }
}
