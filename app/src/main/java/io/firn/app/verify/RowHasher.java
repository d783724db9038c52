package io.firn.app.verify;

import io.firn.model.row.Row;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.util.UUID;

/**
 * Computes the {@link Fingerprint} of selected values of a row (the block function is that of
 * MurmurHash3 x64 128 by Austin Appleby, fed with one word at a time).
 *
 * <p>Values that are equal after a widening of their column's type (int to long, float to double,
 * more digits of a decimal) count as equal.
 *
 * <p><b>Threading</b>: used by one thread.
 */
final class RowHasher {
  private static final long C1 = 0x87c37b91114253d5L;
  private static final long C2 = 0x4cf5ad432745937fL;

  private long high;
  private long low;
  private long words;

  /** Fingerprint of the values at {@code indexes}, in that order. */
  Fingerprint hash(Row row, int[] indexes) {
    high = 0;
    low = 0;
    words = 0;
    for (int index : indexes) {
      value(row.get(index));
    }
    high ^= words;
    low ^= words;
    high += low;
    low += high;
    high = finish(high);
    low = finish(low);
    high += low;
    low += high;
    return new Fingerprint(high, low);
  }

  private void value(Object value) {
    if (value == null) {
      word(0);
    } else if (value instanceof Boolean flag) {
      word(1);
      word(flag ? 1 : 0);
    } else if (value instanceof Integer || value instanceof Long) {
      word(2);
      word(((Number) value).longValue());
    } else if (value instanceof Float || value instanceof Double) {
      word(3);
      double number = ((Number) value).doubleValue();
      // Both zeros are the same number, and a server may turn one into the other.
      word(Double.doubleToLongBits(number == 0 ? 0.0 : number));
    } else if (value instanceof BigDecimal decimal) {
      word(4);
      BigDecimal stripped = decimal.signum() == 0 ? BigDecimal.ZERO : decimal.stripTrailingZeros();
      word(stripped.scale());
      bytes(ByteBuffer.wrap(stripped.unscaledValue().toByteArray()));
    } else if (value instanceof CharSequence text) {
      word(5);
      text(text);
    } else if (value instanceof ByteBuffer bytes) {
      word(6);
      bytes(bytes.duplicate());
    } else if (value instanceof UUID uuid) {
      word(7);
      word(uuid.getMostSignificantBits());
      word(uuid.getLeastSignificantBits());
    } else {
      throw new IllegalArgumentException("A row holds a " + value.getClass().getName());
    }
  }

  private void text(CharSequence text) {
    int length = text.length();
    word(length);
    long packed = 0;
    for (int i = 0; i < length; i++) {
      packed = packed << 16 | text.charAt(i);
      if ((i & 3) == 3) {
        word(packed);
        packed = 0;
      }
    }
    word(packed);
  }

  private void bytes(ByteBuffer bytes) {
    word(bytes.remaining());
    long packed = 0;
    int i = 0;
    while (bytes.hasRemaining()) {
      packed = packed << 8 | (bytes.get() & 0xff);
      if ((++i & 7) == 0) {
        word(packed);
        packed = 0;
      }
    }
    word(packed);
  }

  private void word(long word) {
    words++;
    high ^= Long.rotateLeft(word * C1, 31) * C2;
    high = (Long.rotateLeft(high, 27) + low) * 5 + 0x52dce729;
    low ^= Long.rotateLeft(word * C2, 33) * C1;
    low = (Long.rotateLeft(low, 31) + high) * 5 + 0x38495ab5;
  }

  private static long finish(long hash) {
    long h = hash;
    h ^= h >>> 33;
    h *= 0xff51afd7ed558ccdL;
    h ^= h >>> 33;
    h *= 0xc4ceb9fe1a85ec53L;
    h ^= h >>> 33;
    return h;
  }
}
