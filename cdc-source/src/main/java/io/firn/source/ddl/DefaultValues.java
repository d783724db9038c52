package io.firn.source.ddl;

import io.debezium.relational.Column;
import io.firn.source.decode.TextCells;
import io.firn.source.type.ColumnKind;
import io.firn.source.type.ColumnType;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.Locale;

/**
 * The values that existing rows have in a new column. The server fills them in without writing them
 * to the binlog, so they are derived from the definition.
 */
final class DefaultValues {
  private final Instant statementTime;
  private final ZoneId serverZone;

  /**
   * @param statementTime when the statement ran: the value of CURRENT_TIMESTAMP
   * @param serverZone the server's time zone, in which DATETIME and TIMESTAMP literals are written
   */
  DefaultValues(Instant statementTime, ZoneId serverZone) {
    this.statementTime = statementTime;
    this.serverZone = serverZone;
  }

  /**
   * The value, in Iceberg's internal representation; null for NULL and for what cannot be known.
   */
  Object initialValue(Column column, ColumnType type) {
    String expression = column.defaultValueExpression().orElse(null);
    if (column.isGenerated() && !column.isAutoIncremented()) {
      return null;
    }
    if (expression == null) {
      return column.isOptional() || column.isAutoIncremented() ? null : implicit(type);
    }
    String upper = expression.trim().toUpperCase(Locale.ROOT);
    if (upper.startsWith("CURRENT_TIMESTAMP")
        || upper.startsWith("NOW(")
        || upper.startsWith("LOCALTIME")) {
      return now(type);
    }
    try {
      return literal(expression, type);
    } catch (RuntimeException e) {
      // An expression default, such as (uuid()): every row has its own value, unknown here.
      return null;
    }
  }

  private Object now(ColumnType type) {
    Instant instant =
        type.length() > 0
            ? statementTime.truncatedTo(ChronoUnit.MICROS)
            : statementTime.truncatedTo(ChronoUnit.SECONDS);
    return switch (type.kind()) {
      case TIMESTAMP -> ChronoUnit.MICROS.between(Instant.EPOCH, instant);
      case DATETIME ->
          ChronoUnit.MICROS.between(
              LocalDateTime.ofEpochSecond(0, 0, ZoneOffset.UTC),
              LocalDateTime.ofInstant(instant, serverZone));
      default -> null;
    };
  }

  private Object literal(String text, ColumnType type) {
    return switch (type.kind()) {
      case BOOLEAN, BITS -> bits(text, type);
      case TIMESTAMP -> instant(text, type);
      case ENUM, SET, TEXT -> text;
      case BYTES -> TextCells.decode(text.getBytes(StandardCharsets.ISO_8859_1), type);
      case DECIMAL, DECIMAL_TEXT -> decimal(text, type);
      case INT, LONG, UNSIGNED_LONG, YEAR ->
          TextCells.decode(
              new BigDecimal(text.trim())
                  .setScale(0, java.math.RoundingMode.HALF_UP)
                  .toPlainString()
                  .getBytes(StandardCharsets.ISO_8859_1),
              type);
      default -> TextCells.decode(text.getBytes(StandardCharsets.UTF_8), type);
    };
  }

  private static Object decimal(String text, ColumnType type) {
    BigDecimal value =
        new BigDecimal(text.trim()).setScale(type.scale(), java.math.RoundingMode.HALF_UP);
    return type.kind() == ColumnKind.DECIMAL ? value : value.toPlainString();
  }

  /** Zero dates are NULL; a literal is local time of the server. */
  private Object instant(String text, ColumnType type) {
    Long local = (Long) TextCells.decode(text.getBytes(StandardCharsets.ISO_8859_1), type);
    if (local == null) {
      return null;
    }
    LocalDateTime time =
        LocalDateTime.ofEpochSecond(
            Math.floorDiv(local, 1_000_000L),
            (int) Math.floorMod(local, 1_000_000L) * 1000,
            ZoneOffset.UTC);
    return ChronoUnit.MICROS.between(Instant.EPOCH, time.atZone(serverZone).toInstant());
  }

  /** {@code b'101'}, a number, or TRUE and FALSE. */
  private static Object bits(String text, ColumnType type) {
    String trimmed = text.trim();
    long value;
    if (trimmed.equalsIgnoreCase("true")) {
      value = 1;
    } else if (trimmed.equalsIgnoreCase("false")) {
      value = 0;
    } else if (trimmed.startsWith("b'") || trimmed.startsWith("B'")) {
      value = Long.parseUnsignedLong(trimmed.substring(2, trimmed.length() - 1), 2);
    } else {
      value = Long.parseLong(trimmed);
    }
    if (type.kind() == ColumnKind.BOOLEAN) {
      return value != 0;
    }
    byte[] bytes = new byte[(type.length() + 7) / 8];
    for (int i = bytes.length - 1; i >= 0; i--) {
      bytes[i] = (byte) value;
      value >>>= 8;
    }
    return ByteBuffer.wrap(bytes);
  }

  /** What a NOT NULL column without a default gets: zero, the empty string, the first label. */
  private static Object implicit(ColumnType type) {
    return switch (type.kind()) {
      case BOOLEAN -> false;
      case INT, YEAR -> 0;
      case LONG, TIME -> 0L;
      case UNSIGNED_LONG -> BigDecimal.ZERO;
      case FLOAT -> 0f;
      case DOUBLE -> 0d;
      case DECIMAL -> BigDecimal.ZERO.setScale(type.scale());
      case DECIMAL_TEXT -> BigDecimal.ZERO.setScale(type.scale()).toPlainString();
      case TIME_TEXT -> TextCells.decode("00:00:00".getBytes(StandardCharsets.ISO_8859_1), type);
      case TEXT, SET -> "";
      case ENUM -> type.labels().get(0);
      case JSON -> "null";
      case BYTES -> TextCells.decode(new byte[0], type);
      case BITS -> ByteBuffer.wrap(new byte[(type.length() + 7) / 8]);
      // Zero dates; and spatial columns, which cannot be added as NOT NULL to a table with rows.
      case DATE, DATETIME, TIMESTAMP, GEOMETRY -> null;
    };
  }
}
