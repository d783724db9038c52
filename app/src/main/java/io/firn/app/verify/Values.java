package io.firn.app.verify;

import java.nio.ByteBuffer;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.HexFormat;
import org.apache.iceberg.types.Type;
import org.apache.iceberg.types.Types;

/** Values of rows as people read them: quoted, cut, without control characters. */
final class Values {
  private static final int MAX_LENGTH = 200;

  private Values() {}

  /** One value. */
  static String show(Type type, Object value) {
    if (value == null) {
      return "NULL";
    }
    return "'" + cut(text(type, value)) + "'";
  }

  private static String text(Type type, Object value) {
    if (type.typeId() == Type.TypeID.DATE && value instanceof Integer days) {
      return LocalDate.ofEpochDay(days).toString();
    }
    if (type.typeId() == Type.TypeID.TIME && value instanceof Long micros) {
      return LocalTime.ofNanoOfDay(micros * 1000).toString();
    }
    if (type.typeId() == Type.TypeID.TIMESTAMP && value instanceof Long micros) {
      Instant instant = Instant.EPOCH.plus(micros, ChronoUnit.MICROS);
      return ((Types.TimestampType) type).shouldAdjustToUTC()
          ? instant.toString()
          : LocalDateTime.ofInstant(instant, ZoneOffset.UTC).toString();
    }
    if (value instanceof ByteBuffer bytes) {
      byte[] head = new byte[Math.min(bytes.remaining(), MAX_LENGTH)];
      bytes.duplicate().get(head);
      return HexFormat.of().formatHex(head);
    }
    return value.toString();
  }

  private static String cut(String text) {
    StringBuilder result = new StringBuilder();
    for (int i = 0; i < text.length(); i++) {
      if (result.length() >= MAX_LENGTH) {
        return result.append("...").toString();
      }
      char c = text.charAt(i);
      switch (c) {
        case '\n' -> result.append("\\n");
        case '\r' -> result.append("\\r");
        case '\t' -> result.append("\\t");
        default -> {
          if (Character.isISOControl(c)) {
            result.append(String.format("\\u%04x", (int) c));
          } else {
            result.append(c);
          }
        }
      }
    }
    return result.toString();
  }
}
