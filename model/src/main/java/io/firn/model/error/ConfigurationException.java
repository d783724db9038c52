package io.firn.model.error;

/** Fix the pipeline file or the environment, then start again. Exit code 2. */
public final class ConfigurationException extends FirnException {
  private static final long serialVersionUID = 1L;

  /** With a message that says what to do. */
  public ConfigurationException(String message) {
    super(message, null);
  }

  /** With a message that says what to do, and the cause. */
  public ConfigurationException(String message, Throwable cause) {
    super(message, cause);
  }
}
