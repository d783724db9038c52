package io.firn.source.type;

import java.nio.charset.Charset;
import java.util.List;
import org.apache.iceberg.types.Type;

/**
 * The type of one source column, as far as decoding its values needs it.
 *
 * @param kind how values are decoded
 * @param icebergType the column's type in the lake
 * @param unsigned whether an integer is unsigned
 * @param length declared length: digits of a decimal, bytes of BINARY, bits of BIT, fractional
 *     digits of temporal types; -1 when there is none
 * @param scale scale of a decimal, otherwise 0
 * @param charset character set of text in the binlog; null for anything else
 * @param labels labels of ENUM and SET in order; empty for anything else
 * @param padded whether the value is padded with zero bytes to {@code length} (BINARY)
 */
public record ColumnType(
    ColumnKind kind,
    Type icebergType,
    boolean unsigned,
    int length,
    int scale,
    Charset charset,
    List<String> labels,
    boolean padded) {

  /** Copies the labels. */
  public ColumnType {
    labels = List.copyOf(labels);
  }

  static ColumnType of(ColumnKind kind, Type icebergType) {
    return new ColumnType(kind, icebergType, false, -1, 0, null, List.of(), false);
  }

  ColumnType withUnsigned(boolean value) {
    return new ColumnType(kind, icebergType, value, length, scale, charset, labels, padded);
  }

  ColumnType withSize(int newLength, int newScale) {
    return new ColumnType(
        kind, icebergType, unsigned, newLength, newScale, charset, labels, padded);
  }

  /** The same type with another character set. */
  public ColumnType withCharset(Charset value) {
    return new ColumnType(kind, icebergType, unsigned, length, scale, value, labels, padded);
  }

  ColumnType withLabels(List<String> values) {
    return new ColumnType(kind, icebergType, unsigned, length, scale, charset, values, padded);
  }

  ColumnType withPadding() {
    return new ColumnType(kind, icebergType, unsigned, length, scale, charset, labels, true);
  }
}
