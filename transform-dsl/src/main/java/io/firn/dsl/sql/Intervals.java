package io.firn.dsl.sql;

import io.firn.dsl.expression.Conversion;
import io.firn.dsl.expression.EvaluationException;
import io.firn.dsl.expression.Expression;
import io.firn.dsl.expression.Session;
import io.firn.dsl.expression.TimeText;
import io.firn.dsl.expression.ValueType;
import io.firn.dsl.expression.ValueType.Kind;
import io.firn.dsl.function.TimeUnits;
import org.apache.calcite.sql.SqlIntervalLiteral;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.parser.SqlParserUtil;

/** A time plus or minus a constant interval. */
final class Intervals {
  private static final long DAY_MILLIS = 86_400_000L;

  private Intervals() {}

  static NodeCompiler.Typed add(
      SqlNode node,
      NodeCompiler.Typed time,
      SqlIntervalLiteral literal,
      boolean minus,
      Session session) {
    SqlIntervalLiteral.IntervalValue interval =
        literal.getValueAs(SqlIntervalLiteral.IntervalValue.class);
    boolean months = interval.getIntervalQualifier().isYearMonth();
    long amount =
        months
            ? SqlParserUtil.intervalToMonths(interval)
            : SqlParserUtil.intervalToMillis(interval);
    long signed = minus ? -amount : amount;
    ValueType type = time.type();
    boolean partOfDay = !months && amount % DAY_MILLIS != 0;
    ValueType result =
        type.kind() == Kind.DATE && partOfDay
            ? ValueType.of(Kind.TIMESTAMP, type.nullable())
            : type;
    if (!result.isDateTime()) {
      throw new SqlException(
          node,
          "An interval cannot be added to a " + type.title(),
          "add it to a date or a timestamp");
    }
    Expression widened = Conversion.widen(time.expression(), type, result, session);
    return new NodeCompiler.Typed(
        Conversion.map(widened, value -> add(value, result, signed, months, session)), result);
  }

  private static Object add(
      Object value, ValueType type, long amount, boolean months, Session session) {
    if (months) {
      return TimeUnits.MONTH.add(value, type, amount, session);
    }
    if (amount % DAY_MILLIS == 0) {
      return TimeUnits.DAYS.add(value, type, amount / DAY_MILLIS, session);
    }
    try {
      return Math.addExact((Long) value, Math.multiplyExact(amount, 1000L));
    } catch (ArithmeticException e) {
      throw new EvaluationException(
          "Adding an interval to "
              + TimeText.printTimestamp((Long) value)
              + " leaves the range of times");
    }
  }
}
