package io.firn.source.snapshot;

import io.firn.source.type.ColumnType;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.HexFormat;

/** Values of keys as SQL literals, for sessions in UTC. */
final class SqlLiterals {
  private static final DateTimeFormatter DATE_TIME =
      DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss.SSSSSS");

  private SqlLiterals() {}

  static String of(Object value, ColumnType type, String column) {
    return switch (type.kind()) {
      case BOOLEAN -> Boolean.TRUE.equals(value) ? "1" : "0";
      case INT, LONG, UNSIGNED_LONG, YEAR, DECIMAL -> number(value);
      case DECIMAL_TEXT -> new BigDecimal(value.toString()).toPlainString();
      case DATE -> "'" + LocalDate.ofEpochDay((Integer) value) + "'";
      case TIME -> "'" + LocalTime.ofNanoOfDay((Long) value * 1_000) + "'";
      case DATETIME, TIMESTAMP -> "'" + DATE_TIME.format(dateTime((Long) value)) + "'";
      case TEXT, ENUM, SET, TIME_TEXT ->
          "CONVERT(X'"
              + HexFormat.of().formatHex(value.toString().getBytes(StandardCharsets.UTF_8))
              + "' USING utf8mb4)";
      case BYTES, BITS -> hex((ByteBuffer) value);
      case FLOAT, DOUBLE, JSON, GEOMETRY ->
          throw new IllegalArgumentException(
              "Rows cannot be looked up by column '" + column + "' of kind " + type.kind());
    };
  }

  private static String number(Object value) {
    return value instanceof BigDecimal decimal ? decimal.toPlainString() : value.toString();
  }

  private static LocalDateTime dateTime(long micros) {
    return LocalDateTime.ofEpochSecond(
        Math.floorDiv(micros, 1_000_000L),
        (int) Math.floorMod(micros, 1_000_000L) * 1_000,
        ZoneOffset.UTC);
  }

  private static String hex(ByteBuffer value) {
    byte[] bytes = new byte[value.remaining()];
    value.duplicate().get(bytes);
    return "X'" + HexFormat.of().formatHex(bytes) + "'";
  }
}
