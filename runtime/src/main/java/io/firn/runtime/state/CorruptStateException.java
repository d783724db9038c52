package io.firn.runtime.state;

/**
 * Rebuild the state from the tables: stored state is missing or damaged. Checked, because going on
 * as if the state were empty would write duplicates.
 */
public final class CorruptStateException extends Exception {
  private static final long serialVersionUID = 1L;

  /** With a message that names the file and what is wrong with it. */
  public CorruptStateException(String message) {
    super(message);
  }

  /** With a message that names the file, and the cause. */
  public CorruptStateException(String message, Throwable cause) {
    super(message, cause);
  }
}
