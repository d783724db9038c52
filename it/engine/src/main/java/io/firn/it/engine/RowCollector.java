package io.firn.it.engine;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.function.IntFunction;

/**
 * Takes the rows of one table from an engine and turns them into canonical text. Of a change log (a
 * table with {@code _firn_op}) each entry has a sign, so that it can be replayed.
 *
 * <p>Lines of the file: {@code +} or {@code -}, then the row as {@link RowText} writes it.
 */
public final class RowCollector implements AutoCloseable {
  private static final String OPERATION = "_firn_op";
  private static final String PREFIX = "_firn_";

  private final ContentHash hash = new ContentHash();
  private final RowText text = new RowText();
  private final Writer lines;
  private String[] names = {};
  private Integer[] order = {};

  /**
   * @param file for the rows; null if only their hash is wanted
   */
  public RowCollector(Path file) {
    try {
      this.lines = file == null ? Writer.nullWriter() : Files.newBufferedWriter(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Says which columns the rows have, in their order. Before the first row. */
  public void columns(String... columnNames) {
    names = columnNames.clone();
    order = new Integer[names.length];
    Arrays.setAll(order, i -> i);
    Arrays.sort(order, Comparator.comparing(i -> names[i]));
  }

  /** Takes a row whose values are given by index, from 0. */
  public void row(IntFunction<Object> values) {
    int sign = 1;
    for (int column : order) {
      Object value = values.apply(column);
      if (names[column].equals(OPERATION)) {
        sign = value.equals("DELETE") || value.equals("UPDATE_BEFORE") ? -1 : 1;
      } else if (!names[column].startsWith(PREFIX)) {
        text.add(names[column], value);
      }
    }
    String row = text.take();
    hash.add(row, sign);
    try {
      lines.append(sign > 0 ? '+' : '-').append(RowText.line(row)).append('\n');
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Count and hash of the rows. */
  public ContentHash hash() {
    return hash;
  }

  @Override
  public void close() {
    try {
      lines.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
