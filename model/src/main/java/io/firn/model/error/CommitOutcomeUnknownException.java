package io.firn.model.error;

/** Delete nothing and find out by reading the table: a commit may or may not have happened. */
public final class CommitOutcomeUnknownException extends FirnException {
  private static final long serialVersionUID = 1L;

  /** With a message that says what to do. */
  public CommitOutcomeUnknownException(String message) {
    super(message, null);
  }

  /** With a message that says what to do, and the cause. */
  public CommitOutcomeUnknownException(String message, Throwable cause) {
    super(message, cause);
  }
}
