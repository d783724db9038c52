package io.firn.source.decode;

import io.firn.source.type.ColumnKind;
import io.firn.source.type.ColumnType;

/**
 * Decoders of the binlog's dates and times, in the packed formats since MySQL 5.6 ({@code
 * my_time.c}) and in the older ones.
 */
final class BinlogTimes {
  private static final int[] FRACTION_MICROS = {0, 10_000, 100, 1};

  private BinlogTimes() {}

  static CellDecoder of(int code, int fractionalDigits, ColumnType type) {
    ColumnKind kind = type.kind();
    boolean time = kind == ColumnKind.TIME || kind == ColumnKind.TIME_TEXT;
    return switch (code) {
      case WireType.DATE -> kind == ColumnKind.DATE ? BinlogTimes::date : null;
      case WireType.TIME2 -> time ? in -> Values.time(type, time2(in, fractionalDigits)) : null;
      case WireType.DATETIME2 ->
          kind == ColumnKind.DATETIME ? in -> datetime2(in, fractionalDigits) : null;
      case WireType.TIMESTAMP2 ->
          kind == ColumnKind.TIMESTAMP ? in -> timestamp2(in, fractionalDigits) : null;
      case WireType.TIME -> time ? in -> Values.time(type, oldTime(in)) : null;
      case WireType.DATETIME -> kind == ColumnKind.DATETIME ? BinlogTimes::oldDatetime : null;
      case WireType.TIMESTAMP ->
          kind == ColumnKind.TIMESTAMP ? in -> instant(in.littleEndian(4), 0) : null;
      default -> null;
    };
  }

  private static Object date(ByteCursor in) {
    int packed = (int) in.littleEndian(3);
    return Times.epochDay(packed >> 9, packed >> 5 & 15, packed & 31);
  }

  private static Object datetime2(ByteCursor in, int digits) {
    long packed = in.bigEndian(5);
    int micros = fraction(in, digits);
    int yearMonth = (int) (packed >> 22 & 0x1ffff);
    return Times.epochMicros(
        yearMonth / 13,
        yearMonth % 13,
        (int) (packed >> 17 & 0x1f),
        (int) (packed >> 12 & 0x1f),
        (int) (packed >> 6 & 0x3f),
        (int) (packed & 0x3f),
        micros);
  }

  private static Object timestamp2(ByteCursor in, int digits) {
    long seconds = in.bigEndian(4);
    return instant(seconds, fraction(in, digits));
  }

  private static Object instant(long seconds, int micros) {
    // Zero is the zero date: a real TIMESTAMP starts at second 1.
    return seconds == 0 ? null : (Object) (seconds * Times.MICROS_PER_SECOND + micros);
  }

  private static int fraction(ByteCursor in, int digits) {
    int size = (digits + 1) / 2;
    return size == 0 ? 0 : (int) in.bigEndian(size) * FRACTION_MICROS[size];
  }

  /** Microseconds of a TIME, negative for negative ones. */
  private static long time2(ByteCursor in, int digits) {
    int fractionBytes = (digits + 1) / 2;
    int bits = 24 + fractionBytes * 8;
    // Offset binary over all bytes, fraction included: half of the range is zero.
    long value = in.bigEndian(3 + fractionBytes) - (1L << bits - 1);
    long magnitude = Math.abs(value);
    int fraction = 0;
    if (fractionBytes > 0) {
      fraction = (int) (magnitude & (1L << fractionBytes * 8) - 1) * FRACTION_MICROS[fractionBytes];
    }
    long whole = magnitude >> fractionBytes * 8;
    long micros =
        Times.microsOfDay(
            (int) (whole >> 12 & 0x3ff), (int) (whole >> 6 & 0x3f), (int) (whole & 0x3f), fraction);
    return value < 0 ? -micros : micros;
  }

  private static long oldTime(ByteCursor in) {
    int packed = (int) in.littleEndian(3) << 8 >> 8;
    int magnitude = Math.abs(packed);
    long micros = Times.microsOfDay(magnitude / 10_000, magnitude / 100 % 100, magnitude % 100, 0);
    return packed < 0 ? -micros : micros;
  }

  private static Object oldDatetime(ByteCursor in) {
    long packed = in.littleEndian(8);
    long date = packed / 1_000_000;
    long time = packed % 1_000_000;
    return Times.epochMicros(
        (int) (date / 10_000),
        (int) (date / 100 % 100),
        (int) (date % 100),
        (int) (time / 10_000),
        (int) (time / 100 % 100),
        (int) (time % 100),
        0);
  }
}
