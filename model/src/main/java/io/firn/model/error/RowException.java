package io.firn.model.error;

/** Handle one row by the error behaviour of the pipeline: it cannot be transformed or written. */
public final class RowException extends FirnException {
  private static final long serialVersionUID = 1L;

  /** With a message that says what to do. */
  public RowException(String message) {
    super(message, null);
  }

  /** With a message that says what to do, and the cause. */
  public RowException(String message, Throwable cause) {
    super(message, cause);
  }
}
