package io.firn.model.pattern;

/**
 * A name pattern cannot be read; becomes a finding in the pipeline file. The message quotes
 * nothing: who reports it shows {@link #text} in the way of its own messages.
 */
public final class BadPatternException extends Exception {
  private static final long serialVersionUID = 1L;
  private final String text;
  private final String remedy;
  private final int offset;

  /**
   * @param problem what is wrong, as it follows the quoted text: {@code has an empty part}
   * @param text the part that is wrong, as written
   * @param remedy what to do
   * @param offset index of the part in the whole
   */
  BadPatternException(String problem, String text, String remedy, int offset) {
    super(problem);
    this.text = text;
    this.remedy = remedy;
    this.offset = offset;
  }

  /** The part that is wrong, as written. */
  public String text() {
    return text;
  }

  /** What to do. */
  public String remedy() {
    return remedy;
  }

  /** Index of the part in the whole. */
  public int offset() {
    return offset;
  }
}
