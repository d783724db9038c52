package io.firn.dsl.expression;

import io.firn.dsl.expression.ValueType.Kind;
import io.firn.dsl.finding.Quoted;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.ZoneId;

/** Makes expressions give values of a wider type, as operators need them; never loses anything. */
public final class Conversion {
  private Conversion() {}

  /** Turns one value into another; null never gets there. */
  @FunctionalInterface
  public interface ValueFunction {
    /** The converted value. */
    Object apply(Object value);
  }

  /** An expression whose value is converted, unless it is NULL. */
  public static Expression map(Expression expression, ValueFunction function) {
    if (expression instanceof Literal literal) {
      return new Literal(literal.value() == null ? null : function.apply(literal.value()));
    }
    return scope -> {
      Object value = expression.evaluate(scope);
      return value == null ? null : function.apply(value);
    };
  }

  /**
   * The expression with values of a wider type.
   *
   * @throws IllegalArgumentException if there is no such conversion; callers check with {@link
   *     #exists}
   */
  public static Expression widen(
      Expression expression, ValueType from, ValueType to, Session session) {
    if (from.kind() == Kind.NULL) {
      return new Literal(null);
    }
    ValueFunction function = function(from, to, session.zone());
    return function == null ? expression : map(expression, function);
  }

  /** Whether values of one type can always be made values of the other. */
  public static boolean exists(ValueType from, ValueType to) {
    if (from.kind() == Kind.NULL || from.kind() == to.kind() && from.kind() != Kind.DECIMAL) {
      return true;
    }
    return switch (to.kind()) {
      case LONG -> from.kind() == Kind.INT;
      case FLOAT, DOUBLE -> from.isNumber();
      case DECIMAL ->
          !from.isFloating()
              && from.isNumber()
              && from.asDecimal().scale() <= to.scale()
              && from.asDecimal().precision() - from.asDecimal().scale()
                  <= to.precision() - to.scale();
      case TIMESTAMP -> from.kind() == Kind.DATE;
      default -> false;
    };
  }

  /** The conversion, or null if values can stay as they are. */
  public static ValueFunction function(ValueType from, ValueType to, ZoneId zone) {
    if (from.kind() == to.kind()) {
      return from.kind() == Kind.DECIMAL && from.scale() != to.scale()
          ? value -> rescale((BigDecimal) value, to)
          : null;
    }
    return switch (to.kind()) {
      case LONG -> value -> ((Number) value).longValue();
      case FLOAT -> value -> ((Number) value).floatValue();
      case DOUBLE -> value -> ((Number) value).doubleValue();
      case DECIMAL -> value -> rescale(BigDecimal.valueOf(((Number) value).longValue()), to);
      case TIMESTAMP ->
          from.kind() == Kind.DATE
              ? value -> ((Integer) value) * 86_400_000_000L
              : value -> TimeText.toLocalMicros((Long) value, zone);
      case INSTANT ->
          from.kind() == Kind.DATE
              ? value -> TimeText.toInstantMicros(((Integer) value) * 86_400_000_000L, zone)
              : value -> TimeText.toInstantMicros((Long) value, zone);
      case TEXT, BYTES, BOOLEAN, INT, DATE, TIME, NULL, OTHER ->
          throw new IllegalArgumentException(
              "No conversion from " + from.title() + " to " + to.title());
    };
  }

  /** A decimal with the type's scale (rounded half up) that fits its precision. */
  public static BigDecimal rescale(BigDecimal value, ValueType type) {
    BigDecimal scaled =
        value.scale() == type.scale() ? value : value.setScale(type.scale(), RoundingMode.HALF_UP);
    if (scaled.precision() > type.precision()) {
      throw new EvaluationException(
          "The number " + Quoted.of(value.toPlainString()) + " does not fit " + type.title());
    }
    return scaled;
  }
}
