package io.firn.dsl.field;

/** A value does not fit its setting; becomes a finding, never leaves the module. */
public final class BadValueException extends Exception {
  private static final long serialVersionUID = 1L;
  private final String remedy;
  private final int offset;

  /** A value that is wrong as a whole. */
  public BadValueException(String message, String remedy) {
    this(message, remedy, 0);
  }

  /**
   * @param message what is wrong, with the value quoted (or not, if it is secret)
   * @param remedy what to do
   * @param offset index of the character in the value at which it goes wrong
   */
  public BadValueException(String message, String remedy, int offset) {
    super(message);
    this.remedy = remedy;
    this.offset = offset;
  }

  /** What to do. */
  public String remedy() {
    return remedy;
  }

  /** Index of the character in the value at which it goes wrong. */
  public int offset() {
    return offset;
  }
}
