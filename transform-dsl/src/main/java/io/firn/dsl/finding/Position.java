package io.firn.dsl.finding;

/**
 * A place in a text file.
 *
 * @param line counts from 1
 * @param column counts from 1, in Unicode characters
 */
public record Position(int line, int column) implements Comparable<Position> {
  /** The beginning of a file. */
  public static final Position START = new Position(1, 1);

  @Override
  public int compareTo(Position other) {
    int byLine = Integer.compare(line, other.line);
    return byLine != 0 ? byLine : Integer.compare(column, other.column);
  }

  @Override
  public String toString() {
    return line + ":" + column;
  }
}
