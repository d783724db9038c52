package io.firn.dsl.expression;

/**
 * Computes a value from a row.
 *
 * <p>A tree of small objects, one per operator, without reflection or generated code. Values are in
 * Iceberg's internal representation, NULL is null, and truth is {@code Boolean} or null for
 * unknown, none of which needs an allocation.
 *
 * <p><b>Threading</b>: immutable, unless its constructor says that it caches; then it is used by
 * one thread. Every task compiles its own.
 */
@FunctionalInterface
public interface Expression {

  /**
   * The value for the scope's row.
   *
   * @throws EvaluationException if it cannot be computed for this row
   */
  Object evaluate(RowScope scope);

  /** Whether the value is the same for every row, so that it can be computed beforehand. */
  default boolean isConstant() {
    return false;
  }
}
