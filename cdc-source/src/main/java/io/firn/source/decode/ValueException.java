package io.firn.source.decode;

/** A value that its column's type in the lake cannot hold; the message quotes the value. */
public final class ValueException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** Says what is wrong with the value and what to do. */
  public ValueException(String message) {
    super(message);
  }
}
