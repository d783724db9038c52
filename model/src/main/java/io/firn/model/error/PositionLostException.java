package io.firn.model.error;

/** Stop and name the gap: the source no longer has the changes after the last position. */
public final class PositionLostException extends FirnException {
  private static final long serialVersionUID = 1L;

  /** With a message that says what to do. */
  public PositionLostException(String message) {
    super(message, null);
  }

  /** With a message that says what to do, and the cause. */
  public PositionLostException(String message, Throwable cause) {
    super(message, cause);
  }
}
