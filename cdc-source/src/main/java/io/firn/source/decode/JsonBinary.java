package io.firn.source.decode;

import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.Base64;

/**
 * Reads MySQL's binary JSON (the format of the binlog and of storage) and writes it as canonical
 * text, the same as {@link JsonText#canonical} makes of what the server prints.
 *
 * <p>The format is described in MySQL's {@code json_binary.h}: a type byte, then the value; objects
 * and arrays hold offsets relative to their own start.
 */
final class JsonBinary {
  private static final int SMALL_OBJECT = 0;
  private static final int LARGE_OBJECT = 1;
  private static final int SMALL_ARRAY = 2;
  private static final int LARGE_ARRAY = 3;
  private static final int LITERAL = 4;
  private static final int INT16 = 5;
  private static final int UINT16 = 6;
  private static final int INT32 = 7;
  private static final int UINT32 = 8;
  private static final int INT64 = 9;
  private static final int UINT64 = 10;
  private static final int DOUBLE = 11;
  private static final int STRING = 12;
  private static final int OPAQUE = 15;

  private final byte[] bytes;
  private final ByteCursor cursor;
  private final StringBuilder out = new StringBuilder();

  private JsonBinary(byte[] bytes) {
    this.bytes = bytes;
    this.cursor = new ByteCursor(bytes);
  }

  /** The canonical text of a document. */
  static String text(byte[] document) {
    if (document.length == 0) {
      // What INSERT IGNORE leaves in a NOT NULL column; the server prints it as null.
      return "null";
    }
    JsonBinary reader = new JsonBinary(document);
    reader.value(document[0], 1);
    return reader.out.toString();
  }

  private void value(int type, int offset) {
    cursor.seek(offset);
    switch (type) {
      case SMALL_OBJECT -> container(offset, false, true);
      case LARGE_OBJECT -> container(offset, true, true);
      case SMALL_ARRAY -> container(offset, false, false);
      case LARGE_ARRAY -> container(offset, true, false);
      case LITERAL -> literal(cursor.unsignedByte());
      case INT16 -> out.append((short) cursor.littleEndian(2));
      case UINT16 -> out.append(cursor.littleEndian(2));
      case INT32 -> out.append((int) cursor.littleEndian(4));
      case UINT32 -> out.append(cursor.littleEndian(4));
      case INT64 -> out.append(cursor.littleEndian(8));
      case UINT64 -> out.append(Long.toUnsignedString(cursor.littleEndian(8)));
      case DOUBLE ->
          out.append(JsonNumbers.ofDouble(Double.longBitsToDouble(cursor.littleEndian(8))));
      case STRING -> {
        int length = variableLength();
        JsonText.quote(new String(bytes, cursor.position(), length, StandardCharsets.UTF_8), out);
      }
      case OPAQUE -> opaque();
      default -> throw new ValueException("JSON value has unknown type " + type);
    }
  }

  private void container(int start, boolean large, boolean object) {
    int wide = large ? 4 : 2;
    int count = (int) cursor.littleEndian(wide);
    int keys = start + 2 * wide;
    int values = object ? keys + count * (wide + 2) : keys;
    out.append(object ? '{' : '[');
    for (int i = 0; i < count; i++) {
      if (i > 0) {
        out.append(',');
      }
      if (object) {
        cursor.seek(keys + i * (wide + 2));
        int keyOffset = (int) cursor.littleEndian(wide);
        int keyLength = (int) cursor.littleEndian(2);
        JsonText.quote(
            new String(bytes, start + keyOffset, keyLength, StandardCharsets.UTF_8), out);
        out.append(':');
      }
      int entry = values + i * (1 + wide);
      int type = bytes[entry];
      if (isInlined(type, large)) {
        value(type, entry + 1);
      } else {
        cursor.seek(entry + 1);
        value(type, start + (int) cursor.littleEndian(wide));
      }
    }
    out.append(object ? '}' : ']');
  }

  private static boolean isInlined(int type, boolean large) {
    return type == LITERAL
        || type == INT16
        || type == UINT16
        || large && (type == INT32 || type == UINT32);
  }

  private void literal(int code) {
    out.append(
        switch (code) {
          case 0 -> "null";
          case 1 -> "true";
          case 2 -> "false";
          default -> throw new ValueException("JSON value has unknown literal " + code);
        });
  }

  private int variableLength() {
    int length = 0;
    for (int shift = 0; shift < 35; shift += 7) {
      int part = cursor.unsignedByte();
      length |= (part & 0x7f) << shift;
      if ((part & 0x80) == 0) {
        break;
      }
    }
    return length;
  }

  private void opaque() {
    int type = cursor.unsignedByte();
    int length = variableLength();
    switch (type) {
      case WireType.NEWDECIMAL -> {
        int precision = cursor.unsignedByte();
        int scale = cursor.unsignedByte();
        BigDecimal value = Decimals.read(cursor, precision, scale);
        String text = value.toPlainString();
        out.append(value.scale() > 0 ? JsonNumbers.ofText(text) : text);
      }
      case WireType.DATE, WireType.DATETIME, WireType.TIMESTAMP, WireType.TIME -> dateOrTime(type);
      default -> {
        // The server prints bytes it cannot show as base64:type<N>:<data>.
        String data = Base64.getEncoder().encodeToString(cursor.copy(length));
        JsonText.quote("base64:type" + type + ":" + data, out);
      }
    }
  }

  private void dateOrTime(int type) {
    long packed = cursor.littleEndian(8);
    boolean negative = packed < 0;
    long magnitude = Math.abs(packed);
    int micros = (int) (magnitude & 0xffffff);
    long whole = magnitude >> 24;
    StringBuilder text = new StringBuilder(32);
    if (type == WireType.TIME) {
      if (negative) {
        text.append('-');
      }
      Times.twoDigits(text, (int) (whole >> 12 & 0x3ff));
    } else {
      int yearMonth = (int) (whole >> 22 & 0x1ffff);
      text.append(String.format("%04d", yearMonth / 13)).append('-');
      Times.twoDigits(text, yearMonth % 13).append('-');
      Times.twoDigits(text, (int) (whole >> 17 & 0x1f));
      if (type != WireType.DATE) {
        text.append(' ');
        Times.twoDigits(text, (int) (whole >> 12 & 0x1f));
      }
    }
    if (type != WireType.DATE) {
      text.append(':');
      Times.twoDigits(text, (int) (whole >> 6 & 0x3f)).append(':');
      Times.twoDigits(text, (int) (whole & 0x3f));
      Times.fraction(text, micros, 6);
    }
    JsonText.quote(text.toString(), out);
  }
}
