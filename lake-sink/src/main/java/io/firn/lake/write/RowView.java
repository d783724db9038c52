package io.firn.lake.write;

import io.firn.model.row.Row;
import org.apache.iceberg.StructLike;

/**
 * A row as the table sees it: its columns in the table's order. Reused for all rows, so that
 * writing a row allocates nothing.
 *
 * <p><b>Threading</b>: one thread.
 */
final class RowView implements StructLike {
  private final Object[] added = new Object[3];
  private Row row;
  private RowMapping mapping;

  /** Shows another row. */
  RowView show(Row newRow, RowMapping newMapping) {
    this.row = newRow;
    this.mapping = newMapping;
    return this;
  }

  /** Shows another row, with the values of the columns that the write mode adds. */
  RowView show(Row newRow, RowMapping newMapping, Object first, Object second, Object third) {
    added[0] = first;
    added[1] = second;
    added[2] = third;
    return show(newRow, newMapping);
  }

  @Override
  public int size() {
    return mapping.size();
  }

  @Override
  public <T> T get(int position, Class<T> javaClass) {
    int index = mapping.index(position);
    if (index >= 0) {
      return javaClass.cast(mapping.value(row, position));
    }
    return index == RowMapping.ABSENT ? null : javaClass.cast(added[RowMapping.ADDED - index]);
  }

  @Override
  public <T> void set(int position, T value) {
    throw new UnsupportedOperationException("A view is read only");
  }
}
