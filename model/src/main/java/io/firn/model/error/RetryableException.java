package io.firn.model.error;

/** Try again from the last checkpoint; the cause is expected to pass. */
public final class RetryableException extends FirnException {
  private static final long serialVersionUID = 1L;

  /** With a message that says what to do. */
  public RetryableException(String message) {
    super(message, null);
  }

  /** With a message that says what to do, and the cause. */
  public RetryableException(String message, Throwable cause) {
    super(message, cause);
  }
}
