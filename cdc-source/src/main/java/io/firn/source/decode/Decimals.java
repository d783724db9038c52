package io.firn.source.decode;

import java.math.BigDecimal;
import java.math.BigInteger;

/**
 * MySQL's binary decimals: groups of nine digits in four big-endian bytes, shorter groups in fewer,
 * the first bit inverted, and all bits inverted for negative numbers ({@code decimal2bin}).
 */
final class Decimals {
  private static final int[] BYTES_OF_DIGITS = {0, 1, 1, 2, 2, 3, 3, 4, 4, 4};
  private static final long[] POWERS = {
    1, 10, 100, 1_000, 10_000, 100_000, 1_000_000, 10_000_000, 100_000_000, 1_000_000_000
  };
  private static final int MAX_LONG_DIGITS = 18;

  private Decimals() {}

  static int size(int precision, int scale) {
    int whole = precision - scale;
    return whole / 9 * 4 + BYTES_OF_DIGITS[whole % 9] + scale / 9 * 4 + BYTES_OF_DIGITS[scale % 9];
  }

  static BigDecimal read(ByteCursor in, int precision, int scale) {
    int whole = precision - scale;
    int start = in.position();
    byte[] array = in.array();
    boolean negative = (array[start] & 0x80) == 0;
    int flip = negative ? 0xff : 0;
    Group groups = new Group(array, start, flip);
    if (precision <= MAX_LONG_DIGITS) {
      long unscaled = 0;
      if (whole % 9 > 0) {
        unscaled = groups.next(BYTES_OF_DIGITS[whole % 9]);
      }
      for (int i = 0; i < whole / 9 + scale / 9; i++) {
        unscaled = unscaled * POWERS[9] + groups.next(4);
      }
      if (scale % 9 > 0) {
        unscaled = unscaled * POWERS[scale % 9] + groups.next(BYTES_OF_DIGITS[scale % 9]);
      }
      in.seek(start + size(precision, scale));
      return BigDecimal.valueOf(negative ? -unscaled : unscaled, scale);
    }
    BigInteger unscaled = BigInteger.ZERO;
    if (whole % 9 > 0) {
      unscaled = BigInteger.valueOf(groups.next(BYTES_OF_DIGITS[whole % 9]));
    }
    for (int i = 0; i < whole / 9 + scale / 9; i++) {
      unscaled =
          unscaled.multiply(BigInteger.valueOf(POWERS[9])).add(BigInteger.valueOf(groups.next(4)));
    }
    if (scale % 9 > 0) {
      unscaled =
          unscaled
              .multiply(BigInteger.valueOf(POWERS[scale % 9]))
              .add(BigInteger.valueOf(groups.next(BYTES_OF_DIGITS[scale % 9])));
    }
    in.seek(start + size(precision, scale));
    return new BigDecimal(negative ? unscaled.negate() : unscaled, scale);
  }

  /** Reads the groups in order; undoes the inversion. */
  private static final class Group {
    private final byte[] bytes;
    private final int flip;
    private int position;
    private boolean first = true;

    Group(byte[] bytes, int position, int flip) {
      this.bytes = bytes;
      this.position = position;
      this.flip = flip;
    }

    long next(int size) {
      long value = 0;
      for (int i = 0; i < size; i++) {
        int b = (bytes[position++] ^ flip) & 0xff;
        if (first) {
          b ^= 0x80;
          first = false;
        }
        value = value << 8 | b;
      }
      return value;
    }
  }
}
