package io.firn.dsl.expression;

import io.firn.dsl.finding.Quoted;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.format.ResolverStyle;
import java.time.temporal.ChronoField;
import java.util.Locale;

/** Dates and times between their internal numbers, {@code java.time} and their standard texts. */
public final class TimeText {
  private static final DateTimeFormatter TIME =
      new DateTimeFormatterBuilder()
          .appendPattern("HH:mm[:ss]")
          .appendFraction(ChronoField.NANO_OF_SECOND, 0, 9, true)
          .parseDefaulting(ChronoField.SECOND_OF_MINUTE, 0)
          .toFormatter(Locale.ROOT)
          .withResolverStyle(ResolverStyle.STRICT);
  private static final DateTimeFormatter PRINT_TIME =
      new DateTimeFormatterBuilder()
          .appendPattern("HH:mm:ss")
          .appendFraction(ChronoField.NANO_OF_SECOND, 0, 6, true)
          .toFormatter(Locale.ROOT);

  private TimeText() {}

  /** The calendar time of microseconds since 1970. */
  public static LocalDateTime toLocal(long micros) {
    return LocalDateTime.ofEpochSecond(
        Math.floorDiv(micros, 1_000_000L),
        (int) Math.floorMod(micros, 1_000_000L) * 1000,
        ZoneOffset.UTC);
  }

  /** Microseconds since 1970 of a calendar time; what is finer is cut off. */
  public static long toMicros(LocalDateTime time) {
    return Math.addExact(
        Math.multiplyExact(time.toEpochSecond(ZoneOffset.UTC), 1_000_000L), time.getNano() / 1000);
  }

  /** The calendar time in a zone of a point in time. */
  public static long toLocalMicros(long instantMicros, ZoneId zone) {
    Instant instant =
        Instant.ofEpochSecond(
            Math.floorDiv(instantMicros, 1_000_000L),
            Math.floorMod(instantMicros, 1_000_000L) * 1000);
    return toMicros(LocalDateTime.ofInstant(instant, zone));
  }

  /** The point in time of a calendar time in a zone (in a gap, as {@code java.time} moves it). */
  public static long toInstantMicros(long localMicros, ZoneId zone) {
    Instant instant = toLocal(localMicros).atZone(zone).toInstant();
    return Math.addExact(
        Math.multiplyExact(instant.getEpochSecond(), 1_000_000L), instant.getNano() / 1000);
  }

  /** {@code 2024-02-29}. */
  public static String printDate(int days) {
    return LocalDate.ofEpochDay(days).toString();
  }

  /** {@code 10:11:12.5}. */
  public static String printTime(long microsOfDay) {
    return PRINT_TIME.format(LocalTime.ofNanoOfDay(microsOfDay * 1000));
  }

  /** {@code 2024-02-29 10:11:12.5}. */
  public static String printTimestamp(long micros) {
    LocalDateTime time = toLocal(micros);
    return time.toLocalDate() + " " + PRINT_TIME.format(time.toLocalTime());
  }

  /** Reads a date. */
  public static int parseDate(String text) {
    try {
      return Math.toIntExact(LocalDate.parse(text.strip()).toEpochDay());
    } catch (DateTimeException | ArithmeticException e) {
      throw new EvaluationException(Quoted.of(text) + " is not a date such as 2024-12-31");
    }
  }

  /** Reads a time of day. */
  public static long parseTime(String text) {
    try {
      return LocalTime.parse(text.strip(), TIME).toNanoOfDay() / 1000;
    } catch (DateTimeException e) {
      throw new EvaluationException(Quoted.of(text) + " is not a time such as 23:59:59");
    }
  }

  /** Reads a date, optionally with a time after a space or a T. */
  public static long parseTimestamp(String text) {
    String stripped = text.strip();
    try {
      if (stripped.length() <= 10) {
        return Math.multiplyExact(LocalDate.parse(stripped).toEpochDay(), 86_400_000_000L);
      }
      char separator = stripped.charAt(10);
      if (separator == ' ' || separator == 'T') {
        LocalDate date = LocalDate.parse(stripped.substring(0, 10));
        return toMicros(date.atTime(LocalTime.parse(stripped.substring(11), TIME)));
      }
    } catch (DateTimeException | ArithmeticException e) {
      // Reported below.
    }
    throw new EvaluationException(
        Quoted.of(text) + " is not a timestamp such as 2024-12-31 23:59:59");
  }

  /** Reads a point in time: with an offset or Z, or else as calendar time in the zone. */
  public static long parseInstant(String text, ZoneId zone) {
    String stripped = text.strip();
    int sign = Math.max(stripped.lastIndexOf('+'), stripped.lastIndexOf('-'));
    int offsetAt = stripped.endsWith("Z") ? stripped.length() - 1 : sign > 10 ? sign : -1;
    if (offsetAt < 0) {
      return toInstantMicros(parseTimestamp(stripped), zone);
    }
    try {
      ZoneOffset offset = ZoneOffset.of(stripped.substring(offsetAt));
      return toInstantMicros(parseTimestamp(stripped.substring(0, offsetAt)), offset);
    } catch (DateTimeException e) {
      throw new EvaluationException(
          Quoted.of(text) + " is not a point in time such as 2024-12-31 23:59:59+01:00");
    }
  }
}
