package io.firn.dsl.expression;

import io.firn.dsl.expression.ValueType.Kind;
import java.math.BigDecimal;
import java.math.RoundingMode;

/** Arithmetic on two numbers; what does not fit the result's type is an error, never a wrap. */
public final class Arithmetic {
  private Arithmetic() {}

  /** The operators. */
  public enum Operator {
    /** {@code +}. */
    PLUS,
    /** {@code -}. */
    MINUS,
    /** {@code *}. */
    TIMES,
    /** {@code /}: of whole numbers, the whole part. */
    DIVIDE,
    /** {@code %}: has the sign of the left side. */
    REMAINDER
  }

  @FunctionalInterface
  private interface Operation {
    Object apply(Object a, Object b);
  }

  /** Two numbers of any kinds combined to a number of the given type. */
  public static Expression of(
      Operator operator, Expression left, Expression right, ValueType result) {
    Operation operation =
        switch (result.kind()) {
          case INT -> (a, b) -> ints(operator, ((Number) a).intValue(), ((Number) b).intValue());
          case LONG ->
              (a, b) -> longs(operator, ((Number) a).longValue(), ((Number) b).longValue());
          case FLOAT ->
              (a, b) ->
                  (float) doubles(operator, ((Number) a).doubleValue(), ((Number) b).doubleValue());
          case DOUBLE ->
              (a, b) -> doubles(operator, ((Number) a).doubleValue(), ((Number) b).doubleValue());
          case DECIMAL -> (a, b) -> decimals(operator, decimal(a), decimal(b), result);
          default -> throw new IllegalArgumentException("Not a number: " + result.title());
        };
    return scope -> {
      Object a = left.evaluate(scope);
      if (a == null) {
        return null;
      }
      Object b = right.evaluate(scope);
      return b == null ? null : operation.apply(a, b);
    };
  }

  private static int ints(Operator operator, int a, int b) {
    try {
      return switch (operator) {
        case PLUS -> Math.addExact(a, b);
        case MINUS -> Math.subtractExact(a, b);
        case TIMES -> Math.multiplyExact(a, b);
        case DIVIDE -> Math.toIntExact((long) a / nonZero(b));
        case REMAINDER -> (int) ((long) a % nonZero(b));
      };
    } catch (ArithmeticException e) {
      throw overflow(operator, a, b, "int");
    }
  }

  private static long longs(Operator operator, long a, long b) {
    try {
      return switch (operator) {
        case PLUS -> Math.addExact(a, b);
        case MINUS -> Math.subtractExact(a, b);
        case TIMES -> Math.multiplyExact(a, b);
        case DIVIDE -> b == -1 ? Math.negateExact(a) : a / nonZero(b);
        case REMAINDER -> b == -1 ? 0 : a % nonZero(b);
      };
    } catch (ArithmeticException e) {
      throw overflow(operator, a, b, "long");
    }
  }

  private static long nonZero(long divisor) {
    if (divisor == 0) {
      throw new EvaluationException("Division by zero");
    }
    return divisor;
  }

  private static double doubles(Operator operator, double a, double b) {
    return switch (operator) {
      case PLUS -> a + b;
      case MINUS -> a - b;
      case TIMES -> a * b;
      case DIVIDE -> a / nonZero(b);
      case REMAINDER -> a % nonZero(b);
    };
  }

  private static double nonZero(double divisor) {
    if (divisor == 0) {
      throw new EvaluationException("Division by zero");
    }
    return divisor;
  }

  private static Object decimals(Operator operator, BigDecimal a, BigDecimal b, ValueType result) {
    boolean divides = operator == Operator.DIVIDE || operator == Operator.REMAINDER;
    if (divides && b.signum() == 0) {
      throw new EvaluationException("Division by zero");
    }
    return Conversion.rescale(
        switch (operator) {
          case PLUS -> a.add(b);
          case MINUS -> a.subtract(b);
          case TIMES -> a.multiply(b);
          case DIVIDE -> a.divide(b, result.scale(), RoundingMode.HALF_UP);
          case REMAINDER -> a.remainder(b);
        },
        result);
  }

  private static BigDecimal decimal(Object number) {
    return number instanceof BigDecimal decimal
        ? decimal
        : BigDecimal.valueOf(((Number) number).longValue());
  }

  /** The number with the opposite sign. */
  public static Expression negate(Expression operand, ValueType type) {
    Kind kind = type.kind();
    return Conversion.map(
        operand,
        value -> {
          try {
            return switch (kind) {
              case INT -> Math.negateExact((Integer) value);
              case LONG -> Math.negateExact((Long) value);
              case FLOAT -> -((Float) value);
              case DOUBLE -> -((Double) value);
              case DECIMAL -> ((BigDecimal) value).negate();
              default -> throw new IllegalArgumentException("Not a number: " + type.title());
            };
          } catch (ArithmeticException e) {
            throw new EvaluationException(
                "The number -(" + value + ") does not fit " + type.title());
          }
        });
  }

  private static EvaluationException overflow(Operator operator, Object a, Object b, String type) {
    String sign =
        switch (operator) {
          case PLUS -> "+";
          case MINUS -> "-";
          case TIMES -> "*";
          case DIVIDE -> "/";
          case REMAINDER -> "%";
        };
    return new EvaluationException(
        "The result of " + a + " " + sign + " " + b + " does not fit " + type);
  }
}
