package io.firn.model.error;

/**
 * Stop and explain: the source made a change that cannot be mirrored; nothing after it was written.
 */
public final class UnsupportedChangeException extends FirnException {
  private static final long serialVersionUID = 1L;

  /** With a message that says what to do. */
  public UnsupportedChangeException(String message) {
    super(message, null);
  }

  /** With a message that says what to do, and the cause. */
  public UnsupportedChangeException(String message, Throwable cause) {
    super(message, cause);
  }
}
