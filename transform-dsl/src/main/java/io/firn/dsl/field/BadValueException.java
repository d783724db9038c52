package io.firn.dsl.field;

import io.firn.dsl.finding.Quoted;
import io.firn.model.pattern.BadPatternException;

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

  /**
   * A pattern of names that cannot be read.
   *
   * @param offset index of the pattern in the value
   */
  public static BadValueException of(BadPatternException pattern, int offset) {
    return new BadValueException(
        Quoted.of(pattern.text()) + " " + pattern.getMessage(),
        pattern.remedy(),
        offset + pattern.offset());
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
