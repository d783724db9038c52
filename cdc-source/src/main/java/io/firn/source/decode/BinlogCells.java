package io.firn.source.decode;

import io.firn.source.type.ColumnKind;
import io.firn.source.type.ColumnType;
import java.nio.charset.Charset;

/**
 * Builds the decoder of a column from how the binlog says it is encoded and from what its
 * definition says it means.
 */
final class BinlogCells {
  private BinlogCells() {}

  /**
   * The decoder of one column.
   *
   * @param wireType type code in the table map event
   * @param meta metadata of the table map event as the binlog client reads it
   * @return the decoder, or null if this encoding cannot belong to a column of that type
   */
  static CellDecoder of(int wireType, int meta, ColumnType type) {
    int code = wireType;
    int length = meta;
    if (wireType == WireType.STRING && meta >= 256) {
      // The real type hides in the metadata; two bits of it belong to the length (log_event.cc).
      int high = meta >> 8;
      int low = meta & 0xff;
      if ((high & 0x30) != 0x30) {
        code = high | 0x30;
        length = low | ((high & 0x30 ^ 0x30) << 4);
      } else {
        code = high;
        length = low;
      }
    }
    return switch (code) {
      case WireType.TINY -> integer(type, 1);
      case WireType.SHORT -> integer(type, 2);
      case WireType.INT24 -> integer(type, 3);
      case WireType.LONG -> integer(type, 4);
      case WireType.LONGLONG -> integer(type, 8);
      case WireType.FLOAT ->
          type.kind() == ColumnKind.FLOAT
              ? in -> Float.intBitsToFloat((int) in.littleEndian(4))
              : null;
      case WireType.DOUBLE ->
          type.kind() == ColumnKind.DOUBLE
              ? in -> Double.longBitsToDouble(in.littleEndian(8))
              : null;
      case WireType.NEWDECIMAL -> decimal(type, meta & 0xff, meta >> 8);
      case WireType.YEAR -> type.kind() == ColumnKind.YEAR ? BinlogCells::year : null;
      case WireType.DATE,
          WireType.TIME,
          WireType.TIME2,
          WireType.DATETIME,
          WireType.DATETIME2,
          WireType.TIMESTAMP,
          WireType.TIMESTAMP2 ->
          BinlogTimes.of(code, meta, type);
      case WireType.ENUM -> enumeration(type, length);
      case WireType.SET -> set(type, length);
      case WireType.BIT -> bits(type, meta);
      case WireType.STRING -> text(type, length < 256 ? 1 : 2);
      case WireType.VARCHAR, WireType.VAR_STRING -> text(type, meta < 256 ? 1 : 2);
      case WireType.BLOB, WireType.VECTOR -> text(type, meta);
      case WireType.JSON ->
          type.kind() == ColumnKind.JSON
              ? in -> JsonBinary.text(in.copy((int) in.littleEndian(meta)))
              : null;
      case WireType.GEOMETRY ->
          type.kind() == ColumnKind.GEOMETRY
              ? in -> Values.geometry(in.copy((int) in.littleEndian(meta)))
              : null;
      default -> null;
    };
  }

  private static CellDecoder integer(ColumnType type, int size) {
    int unusedBits = 64 - size * 8;
    boolean unsigned = type.unsigned();
    return switch (type.kind()) {
      case BOOLEAN -> in -> in.littleEndian(size) != 0;
      case INT ->
          unsigned
              ? in -> (int) in.littleEndian(size)
              : in -> (int) (in.littleEndian(size) << unusedBits >> unusedBits);
      case LONG ->
          unsigned
              ? in -> in.littleEndian(size)
              : in -> in.littleEndian(size) << unusedBits >> unusedBits;
      case UNSIGNED_LONG -> in -> Values.unsignedLong(in.littleEndian(size));
      default -> null;
    };
  }

  private static CellDecoder decimal(ColumnType type, int precision, int scale) {
    boolean fits =
        (type.kind() == ColumnKind.DECIMAL || type.kind() == ColumnKind.DECIMAL_TEXT)
            && type.scale() == scale;
    return fits ? in -> Values.decimal(type, Decimals.read(in, precision, scale)) : null;
  }

  private static Object year(ByteCursor in) {
    int year = in.unsignedByte();
    return year == 0 ? 0 : 1900 + year;
  }

  private static CellDecoder enumeration(ColumnType type, int size) {
    return type.kind() == ColumnKind.ENUM
        ? in -> Values.enumLabel(type, in.littleEndian(size))
        : null;
  }

  private static CellDecoder set(ColumnType type, int size) {
    return type.kind() == ColumnKind.SET
        ? in -> Values.setLabels(type, in.littleEndian(size))
        : null;
  }

  private static CellDecoder bits(ColumnType type, int meta) {
    int size = (meta >> 8) + ((meta & 0xff) > 0 ? 1 : 0);
    return switch (type.kind()) {
      case BOOLEAN -> in -> Values.isSet(in.copy(size));
      case BITS -> in -> Values.bits(type, in.copy(size));
      default -> null;
    };
  }

  private static CellDecoder text(ColumnType type, int lengthSize) {
    return switch (type.kind()) {
      case TEXT -> {
        Charset charset = type.charset();
        yield in -> {
          int length = (int) in.littleEndian(lengthSize);
          int start = in.position();
          in.skip(length);
          return new String(in.array(), start, length, charset);
        };
      }
      case BYTES -> in -> Values.bytes(type, in.copy((int) in.littleEndian(lengthSize)));
      case GEOMETRY -> in -> Values.geometry(in.copy((int) in.littleEndian(lengthSize)));
      default -> null;
    };
  }
}
