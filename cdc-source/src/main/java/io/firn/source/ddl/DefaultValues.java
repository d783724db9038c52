package io.firn.source.ddl;

import io.firn.model.error.UnsupportedChangeException;
import io.firn.source.decode.TextCells;
import io.firn.source.decode.ValueException;
import io.firn.source.type.ColumnKind;
import io.firn.source.type.ColumnType;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;

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
   * The value, in Iceberg's internal representation; null for NULL.
   *
   * @param name the column, for messages
   * @throws UnsupportedChangeException if every row got a value of its own
   */
  Object initialValue(String name, DefaultClause clause, boolean optional, ColumnType type) {
    try {
      return switch (clause.kind()) {
        case NONE -> optional ? null : implicit(type);
        case NULL -> null;
        case NOW -> now(type);
        case BOOLEAN ->
            number(new BigInteger(clause.text().equalsIgnoreCase("true") ? "1" : "0"), type);
        case BITS -> number(new BigInteger(clause.text(), 2), type);
        case HEX -> hex(clause.text(), type);
        case TEXT, NUMBER -> literal(clause.text(), type);
        case PER_ROW -> throw new ValueException("each row has its own value in it");
      };
    } catch (ValueException | IllegalArgumentException | ArithmeticException e) {
      throw new UnsupportedChangeException(
          "Adding column '"
              + name
              + "' failed: the value of existing rows cannot be told from its definition ("
              + e.getMessage()
              + "); exclude the table from this pipeline and mirror it with another one into a new table.",
          e);
    }
  }

  private Object now(ColumnType type) {
    Instant instant =
        statementTime.truncatedTo(type.length() > 0 ? ChronoUnit.MICROS : ChronoUnit.SECONDS);
    return switch (type.kind()) {
      case TIMESTAMP -> ChronoUnit.MICROS.between(Instant.EPOCH, instant);
      case DATETIME ->
          ChronoUnit.MICROS.between(
              LocalDateTime.ofEpochSecond(0, 0, ZoneOffset.UTC),
              LocalDateTime.ofInstant(instant, serverZone));
      default -> throw new ValueException("the current time is no " + type.kind());
    };
  }

  private Object literal(String text, ColumnType type) {
    return switch (type.kind()) {
      case BOOLEAN, BITS -> number(new BigInteger(text.trim()), type);
      case TIMESTAMP -> instant(text, type);
      case ENUM, SET, TEXT -> text;
      case DECIMAL, DECIMAL_TEXT -> decimal(new BigDecimal(text.trim()), type);
      case INT, LONG, UNSIGNED_LONG, YEAR ->
          decode(
              new BigDecimal(text.trim()).setScale(0, RoundingMode.HALF_UP).toPlainString(), type);
      default -> decode(text, type);
    };
  }

  private static Object decode(String text, ColumnType type) {
    return TextCells.decode(text.getBytes(StandardCharsets.UTF_8), type);
  }

  private static Object decimal(BigDecimal value, ColumnType type) {
    BigDecimal scaled = value.setScale(type.scale(), RoundingMode.HALF_UP);
    return type.kind() == ColumnKind.DECIMAL ? scaled : scaled.toPlainString();
  }

  /** Zero dates are NULL; a literal is local time of the server. */
  private Object instant(String text, ColumnType type) {
    Long local = (Long) decode(text, type);
    if (local == null) {
      return null;
    }
    LocalDateTime time =
        LocalDateTime.ofEpochSecond(
            Math.floorDiv(local, 1_000_000L),
            (int) Math.floorMod(local, 1_000_000L) * 1_000,
            ZoneOffset.UTC);
    return ChronoUnit.MICROS.between(Instant.EPOCH, time.atZone(serverZone).toInstant());
  }

  private static Object number(BigInteger value, ColumnType type) {
    return switch (type.kind()) {
      case BOOLEAN -> value.signum() != 0;
      case BITS -> {
        byte[] bytes = new byte[(type.length() + 7) / 8];
        byte[] shortest = value.toByteArray();
        int count = Math.min(bytes.length, shortest.length);
        System.arraycopy(shortest, shortest.length - count, bytes, bytes.length - count, count);
        yield ByteBuffer.wrap(bytes);
      }
      case DECIMAL, DECIMAL_TEXT -> decimal(new BigDecimal(value), type);
      default -> decode(value.toString(), type);
    };
  }

  private static Object hex(String digits, ColumnType type) {
    String even = digits.length() % 2 == 0 ? digits : "0" + digits;
    byte[] bytes = java.util.HexFormat.of().parseHex(even);
    return switch (type.kind()) {
      case BYTES, GEOMETRY -> TextCells.decode(bytes, type);
      case TEXT -> new String(bytes, type.charset());
      default -> number(new BigInteger(1, bytes), type);
    };
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
      case DECIMAL, DECIMAL_TEXT -> decimal(BigDecimal.ZERO, type);
      case TIME_TEXT -> decode("00:00:00", type);
      case TEXT, SET -> "";
      case ENUM -> type.labels().get(0);
      case JSON -> "null";
      case BYTES -> TextCells.decode(new byte[0], type);
      case BITS -> ByteBuffer.wrap(Arrays.copyOf(new byte[0], (type.length() + 7) / 8));
      // Zero dates; and spatial columns, which cannot be added as NOT NULL to a table with rows.
      case DATE, DATETIME, TIMESTAMP, GEOMETRY -> null;
    };
  }
}
