package io.firn.model.error;

/** Stop and delete nothing: a newer life of this pipeline has taken over. Exit code 4. */
public final class FencedException extends FirnException {
  private static final long serialVersionUID = 1L;

  /** With a message that says what to do. */
  public FencedException(String message) {
    super(message, null);
  }

  /** With a message that says what to do, and the cause. */
  public FencedException(String message, Throwable cause) {
    super(message, cause);
  }
}
