package io.firn.model.row;

import java.nio.ByteBuffer;

/**
 * The hash by which rows find their key group. It depends on the key's values only, not on the
 * table or on the position of the key columns, so a row keeps its key group through transforms that
 * keep the key. Stable across processes and versions: state is stored by it.
 */
public final class KeyHash {
  private KeyHash() {}

  /**
   * Hash of the values at {@code keyIndexes} of {@code row}.
   *
   * @return any int, well mixed (the finaliser of MurmurHash3)
   */
  public static int of(Row row, int[] keyIndexes) {
    int hash = 17;
    for (int index : keyIndexes) {
      hash = 31 * hash + valueHash(row.get(index));
    }
    return mix(hash);
  }

  /**
   * Hash of a key of one column with this whole number, or with a date or time that has it as its
   * internal value; the same as {@link #of} of a row with it.
   */
  public static int ofNumber(long value) {
    return mix(31 * 17 + Long.hashCode(value));
  }

  private static int valueHash(Object value) {
    if (value instanceof Integer number) {
      // The same hash as the equal long: widening a key column must not move its rows.
      return Long.hashCode(number.longValue());
    }
    if (value instanceof CharSequence text) {
      return text.toString().hashCode();
    }
    if (value instanceof ByteBuffer bytes) {
      int hash = 1;
      for (int i = bytes.position(); i < bytes.limit(); i++) {
        hash = 31 * hash + bytes.get(i);
      }
      return hash;
    }
    // Boolean, Long, Float, Double, BigDecimal and UUID define their hash codes by value.
    return value == null ? 0 : value.hashCode();
  }

  private static int mix(int hash) {
    int h = hash;
    h ^= h >>> 16;
    h *= 0x85ebca6b;
    h ^= h >>> 13;
    h *= 0xc2b2ae35;
    h ^= h >>> 16;
    return h;
  }
}
