package io.firn.dsl.expression;

/**
 * An expression has no value for a row; becomes a {@code RowException} that says where in the file
 * the expression stands.
 */
public final class EvaluationException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** The message says what failed with which value; no stack trace, as it may happen per row. */
  public EvaluationException(String message) {
    super(message, null, false, false);
  }
}
