package io.firn.dsl.plan;

import io.firn.dsl.expression.Expression;
import io.firn.dsl.expression.Literal;
import io.firn.dsl.sql.Volatility;
import io.firn.model.schema.Column;
import java.util.Optional;

/**
 * A column of a target table and how its values come from a source row.
 *
 * @param column name, type and the rest
 * @param expression computes the value
 * @param source name of the source column whose values are passed on unchanged; empty for computed
 *     columns
 * @param fromStar whether it is there because of a star, and so follows the source's renames
 * @param sql the expression as written; empty for columns that are passed on
 * @param volatility what its values depend on besides the row
 */
public record TargetColumn(
    Column column,
    Expression expression,
    Optional<String> source,
    boolean fromStar,
    Optional<ExpressionText> sql,
    Volatility volatility) {

  /**
   * An expression as written, with the place where it stands, for plans and messages.
   *
   * @param text the SQL
   * @param place file, line and column
   */
  public record ExpressionText(String text, String place) {}

  /** The column's name. */
  public String name() {
    return column.name();
  }

  /** A column that gets no values any more. */
  public static TargetColumn withoutValues(Column column) {
    return new TargetColumn(
        optional(column),
        new Literal(null),
        Optional.empty(),
        false,
        Optional.empty(),
        Volatility.NONE);
  }

  /** The column, allowing NULL. */
  static Column optional(Column column) {
    return new Column(
        column.name(), column.type(), true, column.comment(), column.initialDefault());
  }

  /** The same values in another column. */
  TargetColumn withColumn(Column other) {
    return new TargetColumn(other, expression, source, fromStar, sql, volatility);
  }
}
