package io.firn.dsl.expression;

/** AND, OR, NOT and the tests for truth, with three values: true, false, and null for unknown. */
public final class Logic {
  private Logic() {}

  /** False if either is false, else unknown if either is; the right side only if needed. */
  public static Expression and(Expression left, Expression right) {
    return scope -> {
      Boolean a = (Boolean) left.evaluate(scope);
      if (a != null && !a) {
        return Boolean.FALSE;
      }
      Boolean b = (Boolean) right.evaluate(scope);
      if (b != null && !b) {
        return Boolean.FALSE;
      }
      return a == null || b == null ? null : Boolean.TRUE;
    };
  }

  /** True if either is true, else unknown if either is; the right side only if needed. */
  public static Expression or(Expression left, Expression right) {
    return scope -> {
      Boolean a = (Boolean) left.evaluate(scope);
      if (a != null && a) {
        return Boolean.TRUE;
      }
      Boolean b = (Boolean) right.evaluate(scope);
      if (b != null && b) {
        return Boolean.TRUE;
      }
      return a == null || b == null ? null : Boolean.FALSE;
    };
  }

  /** The opposite; unknown stays unknown. */
  public static Expression not(Expression operand) {
    return Conversion.map(operand, value -> !((Boolean) value));
  }

  /** Whether the value is NULL. */
  public static Expression isNull(Expression operand) {
    return scope -> operand.evaluate(scope) == null;
  }

  /** Whether the value is not NULL. */
  public static Expression isNotNull(Expression operand) {
    return scope -> operand.evaluate(scope) != null;
  }

  /** {@code IS [NOT] TRUE} and {@code IS [NOT] FALSE}. */
  public static Expression is(Expression operand, boolean wanted, boolean negated) {
    return scope -> {
      Boolean value = (Boolean) operand.evaluate(scope);
      return (value != null && value == wanted) != negated;
    };
  }

  /** The first branch whose condition is true; conditions and branches are of equal number. */
  public static Expression choose(
      Expression[] conditions, Expression[] branches, Expression otherwise) {
    return scope -> {
      for (int i = 0; i < conditions.length; i++) {
        Boolean holds = (Boolean) conditions[i].evaluate(scope);
        if (holds != null && holds) {
          return branches[i].evaluate(scope);
        }
      }
      return otherwise.evaluate(scope);
    };
  }
}
