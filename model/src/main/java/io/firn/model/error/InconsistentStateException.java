package io.firn.model.error;

/**
 * Stop and explain: tables, checkpoints and source do not fit together; going on would lose or
 * duplicate rows.
 */
public final class InconsistentStateException extends FirnException {
  private static final long serialVersionUID = 1L;

  /** With a message that says what to do. */
  public InconsistentStateException(String message) {
    super(message, null);
  }

  /** With a message that says what to do, and the cause. */
  public InconsistentStateException(String message, Throwable cause) {
    super(message, cause);
  }
}
