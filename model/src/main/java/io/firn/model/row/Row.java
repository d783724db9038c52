package io.firn.model.row;

import java.util.Arrays;
import org.apache.iceberg.StructLike;

/**
 * Positional values of one row in Iceberg's internal representation.
 *
 * <p>Java classes by Iceberg type: boolean {@code Boolean}; int {@code Integer}; long {@code Long};
 * float {@code Float}; double {@code Double}; date {@code Integer} (days since 1970-01-01); time
 * {@code Long} (microseconds of day); timestamp and timestamptz {@code Long} (microseconds since
 * 1970-01-01T00:00, for timestamptz in UTC); decimal {@code BigDecimal} with exactly the column's
 * scale; string {@code String}; binary and fixed {@code ByteBuffer} (position 0, own array, not
 * changed after creation); uuid {@code UUID}.
 *
 * <p><b>Threading</b>: a row is filled by one thread and not changed after it was handed on.
 */
public final class Row implements StructLike {
  private final Object[] values;

  /** A row of {@code size} NULLs. */
  public Row(int size) {
    this.values = new Object[size];
  }

  private Row(Object[] values) {
    this.values = values;
  }

  /** A row that takes the array as its own; the caller must not change it afterwards. */
  public static Row wrap(Object[] values) {
    return new Row(values);
  }

  /** A row of the given values. */
  public static Row of(Object... values) {
    return new Row(values.clone());
  }

  @Override
  public int size() {
    return values.length;
  }

  /** The value at a position, or null. */
  public Object get(int position) {
    return values[position];
  }

  @Override
  public <T> T get(int position, Class<T> javaClass) {
    return javaClass.cast(values[position]);
  }

  @Override
  public <T> void set(int position, T value) {
    values[position] = value;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Row that && Arrays.equals(values, that.values);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(values);
  }

  @Override
  public String toString() {
    return Arrays.toString(values);
  }
}
