package io.firn.source.decode;

import io.firn.source.type.ColumnKind;
import io.firn.source.type.ColumnType;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;

/**
 * Decodes the text the server sends for a value: rows of result sets and default values in DDL.
 *
 * <p><b>Assumptions</b>: the session's time zone is UTC, its result character set utf8mb4, and the
 * column was selected through {@link #expression}.
 */
public final class TextCells {
  private TextCells() {}

  /** What to select so that {@link #decode} gets every digit of a column. */
  public static String expression(String quotedName, ColumnType type) {
    // The server prints a FLOAT with six digits only; as a double it prints all that matter.
    // Multiplied, not added to: minus zero stays what it is.
    return type.kind() == ColumnKind.FLOAT ? quotedName + " * 1e0" : quotedName;
  }

  /**
   * The value in Iceberg's internal representation.
   *
   * @param value the server's bytes, not null
   * @throws ValueException if the value does not fit the column's type in the lake
   */
  public static Object decode(byte[] value, ColumnType type) {
    return switch (type.kind()) {
      case BOOLEAN -> type.length() == 1 ? Values.isSet(value) : !isZero(value);
      case INT, YEAR -> (int) integer(value);
      case LONG -> integer(value);
      case UNSIGNED_LONG -> Values.unsignedLong(integer(value));
      case FLOAT -> (float) Double.parseDouble(ascii(value));
      case DOUBLE -> Double.parseDouble(ascii(value));
      case DECIMAL, DECIMAL_TEXT -> Values.decimal(type, new BigDecimal(ascii(value)));
      case DATE -> date(value);
      case DATETIME, TIMESTAMP -> datetime(value);
      case TIME, TIME_TEXT -> Values.time(type, time(value));
      case TEXT, ENUM, SET -> new String(value, StandardCharsets.UTF_8);
      case JSON -> JsonText.canonical(new String(value, StandardCharsets.UTF_8));
      case BYTES -> Values.bytes(type, value);
      case BITS -> Values.bits(type, value);
      case GEOMETRY -> Values.geometry(value);
    };
  }

  private static String ascii(byte[] value) {
    return new String(value, StandardCharsets.ISO_8859_1);
  }

  private static boolean isZero(byte[] value) {
    return value.length == 1 && value[0] == '0';
  }

  /** Decimal digits with an optional sign; wraps around for unsigned values of 64 bits. */
  private static long integer(byte[] value) {
    int i = value.length > 0 && value[0] == '-' ? 1 : 0;
    long number = 0;
    for (int j = i; j < value.length; j++) {
      int digit = value[j] - '0';
      if (digit < 0 || digit > 9) {
        throw new ValueException("'" + ascii(value) + "' is not an integer");
      }
      number = number * 10 + digit;
    }
    return i == 1 ? -number : number;
  }

  private static int digits(byte[] value, int start, int count) {
    int number = 0;
    for (int i = start; i < start + count; i++) {
      number = number * 10 + value[i] - '0';
    }
    return number;
  }

  /** Microseconds written after a dot at {@code start}, or 0. */
  private static int fraction(byte[] value, int start) {
    int micros = 0;
    if (start < value.length && value[start] == '.') {
      int unit = 100_000;
      for (int i = start + 1; i < value.length && unit > 0; i++) {
        micros += (value[i] - '0') * unit;
        unit /= 10;
      }
    }
    return micros;
  }

  private static Object date(byte[] value) {
    return Times.epochDay(digits(value, 0, 4), digits(value, 5, 2), digits(value, 8, 2));
  }

  private static Object datetime(byte[] value) {
    if (value.length < 19) {
      return Times.epochMicros(
          digits(value, 0, 4), digits(value, 5, 2), digits(value, 8, 2), 0, 0, 0, 0);
    }
    return Times.epochMicros(
        digits(value, 0, 4),
        digits(value, 5, 2),
        digits(value, 8, 2),
        digits(value, 11, 2),
        digits(value, 14, 2),
        digits(value, 17, 2),
        fraction(value, 19));
  }

  private static long time(byte[] value) {
    boolean negative = value[0] == '-';
    int start = negative ? 1 : 0;
    int colon = start;
    while (value[colon] != ':') {
      colon++;
    }
    long micros =
        Times.microsOfDay(
            digits(value, start, colon - start),
            digits(value, colon + 1, 2),
            digits(value, colon + 4, 2),
            fraction(value, colon + 6));
    return negative ? -micros : micros;
  }
}
