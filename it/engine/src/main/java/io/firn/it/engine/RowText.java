package io.firn.it.engine;

import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.sql.Timestamp;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.HexFormat;

/**
 * One text per value, whoever read it: equal values give equal texts from a JDBC driver, from
 * Iceberg's generic reader and from every engine.
 */
public final class RowText {
  private static final char AFTER_VALUE = '\u0001';
  private static final String NULL = "\u0000";

  private final StringBuilder text = new StringBuilder();

  /** Appends a column's value. Columns must come in the same order from every reader. */
  public RowText add(String column, Object value) {
    text.append(column).append('=').append(of(value)).append(AFTER_VALUE);
    return this;
  }

  /** The text of all columns so far; the instance starts over. */
  public String take() {
    String result = text.toString();
    text.setLength(0);
    return result;
  }

  /** A row's text as one line of a file. */
  public static String line(String row) {
    return row.replace("\\", "\\\\").replace("\n", "\\n").replace("\r", "\\r");
  }

  /** The text of one value. */
  public static String of(Object value) {
    if (value == null) {
      return NULL;
    }
    if (value instanceof BigDecimal decimal) {
      return decimal.toPlainString();
    }
    if (value instanceof byte[] bytes) {
      return HexFormat.of().formatHex(bytes);
    }
    if (value instanceof ByteBuffer buffer) {
      byte[] bytes = new byte[buffer.remaining()];
      buffer.duplicate().get(bytes);
      return HexFormat.of().formatHex(bytes);
    }
    if (value instanceof LocalDateTime dateTime) {
      return micros(dateTime.toEpochSecond(ZoneOffset.UTC), dateTime.getNano());
    }
    if (value instanceof OffsetDateTime dateTime) {
      return of(dateTime.toInstant());
    }
    if (value instanceof Timestamp timestamp) {
      return of(timestamp.toInstant());
    }
    if (value instanceof Instant instant) {
      return micros(instant.getEpochSecond(), instant.getNano()) + "Z";
    }
    if (value instanceof Number
        || value instanceof CharSequence
        || value instanceof Boolean
        || value instanceof LocalDate
        || value instanceof LocalTime) {
      return value.toString();
    }
    throw new IllegalArgumentException("No text for a value of " + value.getClass());
  }

  private static String micros(long second, int nano) {
    return Long.toString(second * 1_000_000 + nano / 1000);
  }
}
