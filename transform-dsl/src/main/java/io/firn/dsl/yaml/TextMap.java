package io.firn.dsl.yaml;

import io.firn.dsl.finding.Position;

/**
 * Says for every character of a scalar's value where in the file it was written, through quotes,
 * escapes, folded lines and indentation.
 *
 * <p><b>Threading</b>: immutable.
 */
public final class TextMap {
  private final int[] lines;
  private final int[] columns;
  private final Position start;

  private TextMap(int[] lines, int[] columns, Position start) {
    this.lines = lines;
    this.columns = columns;
    this.start = start;
  }

  /** For text that does not stand in a file: every character is at the same place. */
  public static TextMap at(Position position) {
    return new TextMap(new int[0], new int[0], position);
  }

  /**
   * Follows a scalar through the source.
   *
   * @param source the file's characters
   * @param from index of the scalar's first character, such as its quote
   * @param to index after its last character
   * @param start the place of {@code from}
   * @param value what the parser made of it
   * @param escapes whether backslashes escape (a double-quoted scalar)
   * @param block whether it is a block scalar ({@code |} or {@code >}), whose text begins on the
   *     next line
   */
  static TextMap follow(
      int[] source,
      int from,
      int to,
      Position start,
      String value,
      boolean escapes,
      boolean block) {
    int[] characters = value.codePoints().toArray();
    int[] lines = new int[value.length()];
    int[] columns = new int[value.length()];
    Cursor cursor = new Cursor(source, from, Math.min(to, source.length), start);
    if (block) {
      cursor.skipLine();
    } else if (cursor.more() && (cursor.current() == '"' || cursor.current() == '\'')) {
      cursor.next();
    }
    int unit = 0;
    for (int wanted : characters) {
      while (escapes && cursor.atContinuation()) {
        cursor.next();
        cursor.skipAllSpace();
      }
      boolean space = wanted == ' ' || wanted == '\n';
      if (!space || !cursor.atSpace()) {
        cursor.skipSpaceUnless(wanted);
      }
      for (int i = 0; i < Character.charCount(wanted); i++, unit++) {
        lines[unit] = cursor.line;
        columns[unit] = cursor.column;
      }
      if (space && cursor.atSpace() && cursor.more() && cursor.current() != wanted) {
        cursor.skipAllSpace();
      } else if (escapes && cursor.more() && cursor.current() == '\\') {
        cursor.skipEscape();
      } else {
        boolean doubledQuote = wanted == '\'' && !escapes && !block && cursor.atDoubledQuote();
        cursor.next();
        if (doubledQuote) {
          cursor.next();
        }
      }
    }
    return new TextMap(lines, columns, start);
  }

  /** The place of the character at an index of the value; of the last one for indexes beyond. */
  public Position at(int index) {
    if (lines.length == 0) {
      return start;
    }
    int known = Math.max(0, Math.min(index, lines.length - 1));
    return new Position(lines[known], columns[known] + Math.max(0, index - known));
  }

  /** A map for a value of which {@code starts[i]} says from which index its i-th character came. */
  public TextMap remap(int[] starts) {
    int[] newLines = new int[starts.length];
    int[] newColumns = new int[starts.length];
    for (int i = 0; i < starts.length; i++) {
      Position position = at(starts[i]);
      newLines[i] = position.line();
      newColumns[i] = position.column();
    }
    return new TextMap(newLines, newColumns, start);
  }

  private static final class Cursor {
    private final int[] source;
    private final int end;
    private int index;
    private int line;
    private int column;

    Cursor(int[] source, int index, int end, Position start) {
      this.source = source;
      this.index = index;
      this.end = end;
      this.line = start.line();
      this.column = start.column();
    }

    boolean more() {
      return index < end;
    }

    int current() {
      return source[index];
    }

    void next() {
      if (more()) {
        if (source[index] == '\n') {
          line++;
          column = 1;
        } else {
          column++;
        }
        index++;
      }
    }

    boolean atSpace() {
      return more()
          && (current() == ' ' || current() == '\n' || current() == '\t' || current() == '\r');
    }

    boolean atDoubledQuote() {
      return index + 1 < end && source[index] == '\'' && source[index + 1] == '\'';
    }

    /** A backslash at the end of a line: the line goes on without a space. */
    boolean atContinuation() {
      return index + 1 < end
          && source[index] == '\\'
          && (source[index + 1] == '\n' || source[index + 1] == '\r');
    }

    void skipLine() {
      while (more() && current() != '\n') {
        next();
      }
      next();
    }

    void skipAllSpace() {
      while (atSpace()) {
        next();
      }
    }

    /** Skips indentation and line ends that are not part of the value. */
    void skipSpaceUnless(int wanted) {
      while (atSpace() && current() != wanted) {
        next();
      }
    }

    void skipEscape() {
      next();
      int length =
          !more()
              ? 0
              : switch (current()) {
                case 'x' -> 3;
                case 'u' -> 5;
                case 'U' -> 9;
                default -> 1;
              };
      for (int i = 0; i < length; i++) {
        next();
      }
    }
  }
}
