package io.firn.dsl.expression;

/**
 * A value written in the expression itself.
 *
 * @param value the value; null for NULL
 */
public record Literal(Object value) implements Expression {
  @Override
  public Object evaluate(RowScope scope) {
    return value;
  }

  @Override
  public boolean isConstant() {
    return true;
  }
}
