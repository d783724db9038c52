package io.firn.model.error;

/**
 * Base of Firn's exceptions. The subclasses are named by what the caller must do next. Messages are
 * one sentence: what failed, the cause with the value quoted, and what to do; they never contain
 * secrets.
 */
public abstract sealed class FirnException extends RuntimeException
    permits ConfigurationException,
        RetryableException,
        FencedException,
        CommitOutcomeUnknownException,
        InconsistentStateException,
        PositionLostException,
        RowException,
        UnsupportedChangeException {
  private static final long serialVersionUID = 1L;

  FirnException(String message, Throwable cause) {
    super(message, cause);
  }
}
