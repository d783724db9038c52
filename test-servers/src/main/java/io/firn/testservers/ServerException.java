package io.firn.testservers;

/** A test server could not be provisioned, started or used; the message says what was tried. */
public final class ServerException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** With a message only. */
  public ServerException(String message) {
    super(message);
  }

  /** With the failure behind it. */
  public ServerException(String message, Throwable cause) {
    super(message, cause);
  }
}
