package io.firn.dsl.sql;

import io.firn.dsl.expression.Cast;
import io.firn.dsl.expression.RowScope;
import io.firn.dsl.expression.Session;
import io.firn.dsl.expression.ValueType;
import io.firn.dsl.expression.ValueType.Kind;
import io.firn.dsl.finding.Finding;
import io.firn.dsl.finding.Findings;
import io.firn.dsl.finding.Position;
import io.firn.dsl.spec.SqlText;
import io.firn.dsl.yaml.TextMap;
import io.firn.model.row.Row;
import io.firn.model.schema.TableSchema;
import java.time.ZoneId;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** Compiles and evaluates expressions of tests. */
public final class Evaluated {
  private static final Session UTC = new Session(ZoneId.of("UTC"));

  private Evaluated() {}

  /** The value of an expression without columns, as text. */
  public static String text(String sql) {
    return text(sql, null, null);
  }

  /** The value of an expression for a row, as text. */
  public static String text(String sql, TableSchema table, Row row) {
    Findings findings = new Findings("test");
    Optional<ExpressionCompiler.Compiled> compiled = compile(sql, table, findings);
    if (compiled.isEmpty()) {
      throw new AssertionError(messages(findings));
    }
    Object value = value(compiled.get(), row);
    if (value == null) {
      return "NULL";
    }
    ValueType text = ValueType.of(Kind.TEXT, true);
    return (String) Cast.function(compiled.get().type(), text, UTC).orElseThrow().apply(value);
  }

  /** The value of an expression for a row. */
  public static Object value(ExpressionCompiler.Compiled compiled, Row row) {
    RowScope scope = new RowScope();
    scope.setChange(new io.firn.model.schema.TableId("db", "t"), 0, 1_000_000L);
    scope.setImage(row, "+I");
    return compiled.expression().evaluate(scope);
  }

  /** The type of an expression. */
  public static String type(String sql, TableSchema table) {
    Findings findings = new Findings("test");
    ValueType type =
        compile(sql, table, findings)
            .orElseThrow(() -> new AssertionError(messages(findings)))
            .type();
    return type.title() + (type.nullable() ? "" : " not null");
  }

  /** What is wrong with an expression. */
  public static String errors(String sql, TableSchema table) {
    Findings findings = new Findings("test");
    compile(sql, table, findings);
    return messages(findings);
  }

  private static String messages(Findings findings) {
    List<Finding> sorted = findings.sorted();
    return sorted.stream()
        .map(f -> f.position() + " " + f.message() + "; " + f.remedy())
        .collect(Collectors.joining("\n"));
  }

  /** Compiles an expression. */
  public static Optional<ExpressionCompiler.Compiled> compile(
      String sql, TableSchema table, Findings findings) {
    SqlText text = new SqlText(sql, TextMap.at(Position.START));
    Columns columns = new Columns();
    if (table != null) {
      for (int i = 0; i < table.columns().size(); i++) {
        int index = i;
        var column = table.columns().get(i);
        columns.add(
            column.name(),
            ValueType.of(column.type(), column.optional()),
            scope -> scope.value(index));
      }
    }
    return SqlReader.filter(text, "filter", findings)
        .flatMap(
            node -> new ExpressionCompiler(UTC, findings).compile(node, columns, text, "filter"));
  }
}
