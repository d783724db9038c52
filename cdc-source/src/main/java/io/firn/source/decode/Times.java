package io.firn.source.decode;

import java.time.LocalDate;
import java.time.YearMonth;

/** Dates and times as numbers, the way Iceberg keeps them. */
public final class Times {
  static final long MICROS_PER_SECOND = 1_000_000L;
  static final long MICROS_PER_DAY = 86_400L * MICROS_PER_SECOND;

  private Times() {}

  /**
   * Days since 1970-01-01, or null for what is no date: zero dates, zero days or months, and days
   * that a month does not have.
   */
  static Integer epochDay(int year, int month, int day) {
    if (month < 1 || month > 12 || day < 1 || day > 31) {
      return null;
    }
    if (day > 28 && day > YearMonth.of(year, month).lengthOfMonth()) {
      return null;
    }
    if (year == 0) {
      return null;
    }
    return (int) LocalDate.of(year, month, day).toEpochDay();
  }

  /** Microseconds since 1970-01-01T00:00, or null if the date is none. */
  static Long epochMicros(
      int year, int month, int day, int hour, int minute, int second, int micros) {
    Integer epochDay = epochDay(year, month, day);
    if (epochDay == null) {
      return null;
    }
    return epochDay * MICROS_PER_DAY + microsOfDay(hour, minute, second, micros);
  }

  static long microsOfDay(int hour, int minute, int second, int micros) {
    return ((hour * 60L + minute) * 60L + second) * MICROS_PER_SECOND + micros;
  }

  /** A TIME value as {@code [-]hh:mm:ss[.ffffff]} with as many fractional digits as declared. */
  static String timeText(long micros, int fractionalDigits) {
    long rest = Math.abs(micros);
    long hours = rest / (3600 * MICROS_PER_SECOND);
    rest -= hours * 3600 * MICROS_PER_SECOND;
    int minutes = (int) (rest / (60 * MICROS_PER_SECOND));
    rest -= minutes * 60L * MICROS_PER_SECOND;
    int seconds = (int) (rest / MICROS_PER_SECOND);
    int fraction = (int) (rest % MICROS_PER_SECOND);
    StringBuilder text = new StringBuilder(16);
    if (micros < 0) {
      text.append('-');
    }
    twoDigits(text, (int) hours).append(':');
    twoDigits(text, minutes).append(':');
    twoDigits(text, seconds);
    return fraction(text, fraction, fractionalDigits).toString();
  }

  static StringBuilder fraction(StringBuilder text, int micros, int digits) {
    if (digits > 0) {
      text.append('.');
      int divisor = 100_000;
      for (int i = 0; i < digits; i++) {
        text.append((char) ('0' + micros / divisor % 10));
        divisor /= 10;
      }
    }
    return text;
  }

  static StringBuilder twoDigits(StringBuilder text, int value) {
    if (value < 10) {
      text.append('0');
    }
    return text.append(value);
  }
}
