package io.firn.dsl.spec;

import io.firn.dsl.finding.Position;
import io.firn.dsl.yaml.TextMap;

/**
 * SQL as it was written in the pipeline file, with the way back to it.
 *
 * @param text the SQL
 * @param map where its characters stand in the file
 */
public record SqlText(String text, TextMap map) {

  /** Where the SQL begins in the file. */
  public Position position() {
    return map.at(0);
  }

  /** The place in the file of a line and column (from 1) of the SQL. */
  public Position at(int line, int column) {
    int index = 0;
    for (int i = 1; i < line; i++) {
      int end = text.indexOf('\n', index);
      if (end < 0) {
        break;
      }
      index = end + 1;
    }
    return map.at(index + Math.max(0, column - 1));
  }

  /** The same text after an empty line, for a parser that was given a line before it. */
  public SqlText afterOneLine() {
    int[] starts = new int[text.length() + 1];
    for (int i = 1; i < starts.length; i++) {
      starts[i] = i - 1;
    }
    return new SqlText("\n" + text, map.remap(starts));
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof SqlText that && text.equals(that.text);
  }

  @Override
  public int hashCode() {
    return text.hashCode();
  }

  @Override
  public String toString() {
    return text;
  }
}
