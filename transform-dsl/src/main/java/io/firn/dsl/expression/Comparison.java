package io.firn.dsl.expression;

import io.firn.dsl.expression.ValueType.Kind;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/** Comparisons of two values; NULL makes them unknown. */
public final class Comparison {
  private Comparison() {}

  /** The comparison operators. */
  public enum Operator {
    /** {@code =}. */
    EQUALS,
    /** {@code <>}. */
    NOT_EQUALS,
    /** {@code <}. */
    LESS,
    /** {@code <=}. */
    LESS_OR_EQUAL,
    /** {@code >}. */
    GREATER,
    /** {@code >=}. */
    GREATER_OR_EQUAL;

    /** Whether the operator holds for what a comparator said. */
    boolean test(int order) {
      return switch (this) {
        case EQUALS -> order == 0;
        case NOT_EQUALS -> order != 0;
        case LESS -> order < 0;
        case LESS_OR_EQUAL -> order <= 0;
        case GREATER -> order > 0;
        case GREATER_OR_EQUAL -> order >= 0;
      };
    }
  }

  /** Orders two values that are not NULL. */
  @FunctionalInterface
  public interface Order {
    /** As {@code Comparator#compare}. */
    int compare(Object a, Object b);
  }

  /**
   * How values of two types are compared, empty if they are not. Whole numbers of either width and
   * floating-point numbers are compared without making new objects.
   */
  public static Optional<Order> order(ValueType a, ValueType b) {
    if (a.isNumber() && b.isNumber()) {
      return Optional.of(numbers(a, b));
    }
    if (a.kind() != b.kind()) {
      return Optional.empty();
    }
    return switch (a.kind()) {
      case BOOLEAN -> Optional.of((x, y) -> Boolean.compare((Boolean) x, (Boolean) y));
      case TEXT -> Optional.of((x, y) -> x.toString().compareTo(y.toString()));
      case BYTES -> Optional.of((x, y) -> compareUnsigned((ByteBuffer) x, (ByteBuffer) y));
      case DATE -> Optional.of((x, y) -> Integer.compare((Integer) x, (Integer) y));
      case TIME, TIMESTAMP, INSTANT -> Optional.of((x, y) -> Long.compare((Long) x, (Long) y));
      default -> Optional.empty();
    };
  }

  private static int compareUnsigned(ByteBuffer a, ByteBuffer b) {
    int mismatch = a.mismatch(b);
    if (mismatch < 0 || mismatch >= a.remaining() || mismatch >= b.remaining()) {
      return Integer.compare(a.remaining(), b.remaining());
    }
    return Byte.compareUnsigned(a.get(a.position() + mismatch), b.get(b.position() + mismatch));
  }

  private static Order numbers(ValueType a, ValueType b) {
    if (a.isInteger() && b.isInteger()) {
      return (x, y) -> Long.compare(((Number) x).longValue(), ((Number) y).longValue());
    }
    if (a.isFloating() || b.isFloating()) {
      // 0.0 and -0.0 are equal in SQL, other than for Double.compare.
      return (x, y) -> {
        double p = ((Number) x).doubleValue();
        double q = ((Number) y).doubleValue();
        return p < q ? -1 : p > q ? 1 : p == q ? 0 : Double.compare(p, q);
      };
    }
    return (x, y) -> decimal(x).compareTo(decimal(y));
  }

  private static BigDecimal decimal(Object number) {
    return number instanceof BigDecimal decimal
        ? decimal
        : BigDecimal.valueOf(((Number) number).longValue());
  }

  /** One value against another. */
  public static Expression compare(
      Operator operator, Expression left, Expression right, Order order) {
    if (right instanceof Literal literal && literal.value() != null) {
      Object constant = literal.value();
      return scope -> {
        Object value = left.evaluate(scope);
        return value == null ? null : operator.test(order.compare(value, constant));
      };
    }
    return scope -> {
      Object a = left.evaluate(scope);
      if (a == null) {
        return null;
      }
      Object b = right.evaluate(scope);
      return b == null ? null : operator.test(order.compare(a, b));
    };
  }

  /** {@code IS [NOT] DISTINCT FROM}: NULL equals NULL, and the result is never unknown. */
  public static Expression distinct(
      Expression left, Expression right, Order order, boolean negated) {
    return scope -> {
      Object a = left.evaluate(scope);
      Object b = right.evaluate(scope);
      boolean distinct = a == null || b == null ? a != b : order.compare(a, b) != 0;
      return distinct != negated;
    };
  }

  /** {@code [NOT] BETWEEN}, bounds included. */
  public static Expression between(
      Expression value, Expression low, Order lowOrder, Expression high, Order highOrder) {
    return Logic.and(
        compare(Operator.GREATER_OR_EQUAL, value, low, lowOrder),
        compare(Operator.LESS_OR_EQUAL, value, high, highOrder));
  }

  /** {@code IN} a list; unknown if nothing is equal but something is NULL. */
  public static Expression in(
      Expression value, ValueType type, Expression[] items, Order[] orders) {
    Set<Object> constants = constants(type, items);
    if (constants != null) {
      return scope -> {
        Object wanted = value.evaluate(scope);
        return wanted == null ? null : constants.contains(normal(type, wanted));
      };
    }
    return scope -> {
      Object wanted = value.evaluate(scope);
      if (wanted == null) {
        return null;
      }
      boolean unknown = false;
      for (int i = 0; i < items.length; i++) {
        Object item = items[i].evaluate(scope);
        if (item == null) {
          unknown = true;
        } else if (orders[i].compare(wanted, item) == 0) {
          return Boolean.TRUE;
        }
      }
      return unknown ? null : Boolean.FALSE;
    };
  }

  /** A set for lists of constants whose equality is that of Java; null if it is not that simple. */
  private static Set<Object> constants(ValueType type, Expression[] items) {
    boolean simple = type.isInteger() || type.kind() == Kind.TEXT || type.kind() == Kind.DATE;
    Set<Object> constants = new HashSet<>();
    for (Expression item : items) {
      if (!simple || !(item instanceof Literal literal) || literal.value() == null) {
        return null;
      }
      boolean whole = literal.value() instanceof Integer || literal.value() instanceof Long;
      if (type.isInteger() && !whole) {
        return null;
      }
      constants.add(normal(type, literal.value()));
    }
    return constants;
  }

  private static Object normal(ValueType type, Object value) {
    return type.isInteger() ? ((Number) value).longValue() : value.toString();
  }

  /** The operator's usual sign, for messages. */
  public static String sign(Operator operator) {
    return switch (operator) {
      case EQUALS -> "=";
      case NOT_EQUALS -> "<>";
      case LESS -> "<";
      case LESS_OR_EQUAL -> "<=";
      case GREATER -> ">";
      case GREATER_OR_EQUAL -> ">=";
    };
  }
}
