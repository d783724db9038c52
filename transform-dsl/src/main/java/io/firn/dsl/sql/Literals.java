package io.firn.dsl.sql;

import io.firn.dsl.expression.EvaluationException;
import io.firn.dsl.expression.Literal;
import io.firn.dsl.expression.TimeText;
import io.firn.dsl.expression.ValueType;
import io.firn.dsl.expression.ValueType.Kind;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import org.apache.calcite.sql.SqlLiteral;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.type.SqlTypeName;
import org.apache.calcite.util.BitString;
import org.apache.calcite.util.DateString;
import org.apache.calcite.util.TimeString;
import org.apache.calcite.util.TimestampString;

/** Constants as values in the internal representation. */
final class Literals {
  private Literals() {}

  static NodeCompiler.Typed compile(SqlLiteral literal, ValueType type, SqlNode node) {
    if (literal.getTypeName() == SqlTypeName.NULL || literal.getValue() == null) {
      return new NodeCompiler.Typed(new Literal(null), ValueType.of(Kind.NULL, true));
    }
    try {
      return new NodeCompiler.Typed(new Literal(value(literal, type)), type);
    } catch (EvaluationException | ArithmeticException e) {
      throw new SqlException(node, e.getMessage(), "correct the constant");
    }
  }

  private static Object value(SqlLiteral literal, ValueType type) {
    return switch (type.kind()) {
      case BOOLEAN -> literal.booleanValue();
      case INT -> literal.bigDecimalValue().intValueExact();
      case LONG -> literal.bigDecimalValue().longValueExact();
      case DOUBLE -> literal.bigDecimalValue().doubleValue();
      case FLOAT -> literal.bigDecimalValue().floatValue();
      case DECIMAL -> {
        BigDecimal value = literal.bigDecimalValue();
        if (value.scale() > type.scale() || value.precision() > ValueType.MAX_PRECISION) {
          throw new EvaluationException(
              "The number has more than " + ValueType.MAX_PRECISION + " digits");
        }
        yield value.setScale(type.scale());
      }
      case TEXT -> literal.getValueAs(String.class);
      case BYTES -> ByteBuffer.wrap(literal.getValueAs(BitString.class).getAsByteArray());
      case DATE -> literal.getValueAs(DateString.class).getDaysSinceEpoch();
      case TIME -> TimeText.parseTime(literal.getValueAs(TimeString.class).toString());
      case TIMESTAMP ->
          TimeText.parseTimestamp(literal.getValueAs(TimestampString.class).toString());
      case NULL, INSTANT, OTHER ->
          throw new EvaluationException("This kind of constant is not supported");
    };
  }
}
