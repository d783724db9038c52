package io.firn.source.decode;

import io.firn.source.type.ColumnType;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * The last step of decoding, shared by binlog and result sets so that both give identical values.
 */
final class Values {
  private static final BigInteger TWO_TO_64 = BigInteger.ONE.shiftLeft(64);

  private Values() {}

  static Object time(ColumnType type, long micros) {
    if (type.kind() == io.firn.source.type.ColumnKind.TIME_TEXT) {
      return Times.timeText(micros, type.length());
    }
    if (micros < 0 || micros >= Times.MICROS_PER_DAY) {
      throw new ValueException(
          "TIME '"
              + Times.timeText(micros, type.length())
              + "' is not a time of day; set 'time.as-text: true' at the source to keep TIME columns"
              + " as text");
    }
    return micros;
  }

  static BigDecimal unsignedLong(long bits) {
    return bits >= 0
        ? BigDecimal.valueOf(bits)
        : new BigDecimal(BigInteger.valueOf(bits).add(TWO_TO_64));
  }

  static Object decimal(ColumnType type, BigDecimal value) {
    BigDecimal scaled = value.scale() == type.scale() ? value : value.setScale(type.scale());
    return type.kind() == io.firn.source.type.ColumnKind.DECIMAL_TEXT
        ? scaled.toPlainString()
        : scaled;
  }

  static ByteBuffer bytes(ColumnType type, byte[] value) {
    // The binlog leaves out the zero bytes that BINARY is padded with.
    byte[] whole =
        type.padded() && value.length < type.length() ? Arrays.copyOf(value, type.length()) : value;
    return ByteBuffer.wrap(whole);
  }

  /** The bytes of BIT(n), most significant first, exactly as many as n needs. */
  static ByteBuffer bits(ColumnType type, byte[] value) {
    int size = (type.length() + 7) / 8;
    if (value.length == size) {
      return ByteBuffer.wrap(value);
    }
    byte[] whole = new byte[size];
    int count = Math.min(size, value.length);
    System.arraycopy(value, value.length - count, whole, size - count, count);
    return ByteBuffer.wrap(whole);
  }

  static boolean isSet(byte[] bits) {
    for (byte b : bits) {
      if (b != 0) {
        return true;
      }
    }
    return false;
  }

  /** The well-known binary of a spatial value; MySQL puts four bytes of SRID before it. */
  static ByteBuffer geometry(byte[] value) {
    return ByteBuffer.wrap(value.length < 4 ? value : Arrays.copyOfRange(value, 4, value.length));
  }

  static String enumLabel(ColumnType type, long index) {
    // Index 0 is the empty string that MySQL stores for an invalid value.
    if (index == 0 || index > type.labels().size()) {
      return "";
    }
    return type.labels().get((int) index - 1);
  }

  static String setLabels(ColumnType type, long bits) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < type.labels().size(); i++) {
      if ((bits & 1L << i) != 0) {
        if (text.length() > 0) {
          text.append(',');
        }
        text.append(type.labels().get(i));
      }
    }
    return text.toString();
  }
}
