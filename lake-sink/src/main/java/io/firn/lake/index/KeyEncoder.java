package io.firn.lake.index;

import io.firn.model.error.RowException;
import io.firn.model.row.Row;
import io.firn.model.schema.Column;
import io.firn.model.schema.TableId;
import io.firn.model.schema.TableSchema;
import io.firn.model.state.KeyGroups;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.UUID;
import org.apache.iceberg.types.Type;

/**
 * Turns the key of a row into the bytes by which the index knows it: key group (2 bytes), table tag
 * (6 bytes), then the key's values one after the other. Part of the format of checkpoints.
 *
 * <p><b>Form of a value</b>, such that bytes compare like values and a value's end can be told:
 * boolean 1 byte; int, long, date, time, timestamp 8 bytes big-endian with the sign bit flipped (so
 * that widening int to long keeps the bytes); float 4 and double 8 bytes of IEEE 754, ordered;
 * decimal a byte of sign and length, then the unscaled value (so that more precision keeps the
 * bytes); uuid 16 bytes; string (UTF-8), binary and fixed their bytes, with 0x00 written as 0x00
 * 0xFF and 0x00 0x01 at the end, both left out in the key's last column.
 *
 * <p><b>Invariant</b>: two keys of a table have the same bytes only if they are equal.
 *
 * <p><b>Threading</b>: one thread, because of the scratch buffer.
 */
public final class KeyEncoder {
  /** Offset at which the key's values begin. */
  public static final int VALUES_OFFSET = 2 + TableTag.LENGTH;

  private enum Form {
    BOOLEAN,
    INTEGER,
    FLOAT,
    DOUBLE,
    DECIMAL,
    STRING,
    BYTES,
    UUID
  }

  private final TableSchema schema;
  private final int[] indexes;
  private final Form[] forms;
  private byte[] scratch = new byte[64];
  private int length;

  /**
   * An encoder for rows of one layout.
   *
   * @param table the target table
   * @param schema the layout of the rows; has a primary key
   * @throws io.firn.model.error.ConfigurationException if a column cannot be part of a key
   */
  public KeyEncoder(TableId table, TableSchema schema) {
    this.schema = schema;
    this.indexes = schema.keyIndexes();
    if (indexes.length == 0) {
      throw new IllegalArgumentException(table + " has no primary key");
    }
    this.forms = new Form[indexes.length];
    for (int i = 0; i < indexes.length; i++) {
      forms[i] = formOf(table, schema.columns().get(indexes[i]));
    }
    System.arraycopy(TableTag.of(table), 0, scratch, 2, TableTag.LENGTH);
  }

  /** Whether a layout's key is one column that is written as 8 bytes of whole number. */
  static boolean isNumberKey(TableSchema schema) {
    int[] indexes = schema.keyIndexes();
    return indexes.length == 1
        && formOf(schema.table(), schema.columns().get(indexes[0])) == Form.INTEGER;
  }

  private static Form formOf(TableId table, Column column) {
    Type type = column.type();
    return switch (type.typeId()) {
      case BOOLEAN -> Form.BOOLEAN;
      case INTEGER, LONG, DATE, TIME, TIMESTAMP, TIMESTAMP_NANO -> Form.INTEGER;
      case FLOAT -> Form.FLOAT;
      case DOUBLE -> Form.DOUBLE;
      case DECIMAL -> Form.DECIMAL;
      case STRING -> Form.STRING;
      case BINARY, FIXED -> Form.BYTES;
      case UUID -> Form.UUID;
      default ->
          throw new io.firn.model.error.ConfigurationException(
              "Table "
                  + table
                  + " cannot be kept by key: key column '"
                  + column.name()
                  + "' has the type '"
                  + type
                  + "'; choose other 'primary-keys' in a transform rule");
    };
  }

  /**
   * The key of a row.
   *
   * @param row a row in the layout given to the constructor
   * @param keyHash {@code KeyHash.of(row, keyIndexes)}
   * @throws RowException if a key column is NULL
   */
  public byte[] encode(Row row, int keyHash) {
    int group = KeyGroups.ofHash(keyHash);
    scratch[0] = (byte) (group >>> 8);
    scratch[1] = (byte) group;
    length = VALUES_OFFSET;
    for (int i = 0; i < indexes.length; i++) {
      Object value = row.get(indexes[i]);
      if (value == null) {
        throw new RowException(
            "A row of "
                + schema.table()
                + " has no key: column '"
                + schema.columns().get(indexes[i]).name()
                + "' is NULL; exclude such rows with a filter or choose other 'primary-keys'");
      }
      putValue(forms[i], value, i == indexes.length - 1);
    }
    return Arrays.copyOf(scratch, length);
  }

  private void putValue(Form form, Object value, boolean last) {
    switch (form) {
      case BOOLEAN -> {
        reserve(1);
        scratch[length++] = (byte) ((Boolean) value ? 1 : 0);
      }
      case INTEGER -> putLong(((Number) value).longValue() ^ Long.MIN_VALUE);
      case FLOAT -> {
        int bits = Float.floatToIntBits((Float) value);
        bits ^= bits >> 31 | Integer.MIN_VALUE;
        reserve(4);
        for (int shift = 24; shift >= 0; shift -= 8) {
          scratch[length++] = (byte) (bits >>> shift);
        }
      }
      case DOUBLE -> {
        long bits = Double.doubleToLongBits((Double) value);
        putLong(bits ^ (bits >> 63 | Long.MIN_VALUE));
      }
      case DECIMAL -> putDecimal((BigDecimal) value);
      case STRING -> putString((CharSequence) value, last);
      case BYTES -> putBytes((ByteBuffer) value, last);
      case UUID -> {
        putLong(((UUID) value).getMostSignificantBits());
        putLong(((UUID) value).getLeastSignificantBits());
      }
    }
  }

  private void putLong(long value) {
    reserve(8);
    for (int shift = 56; shift >= 0; shift -= 8) {
      scratch[length++] = (byte) (value >>> shift);
    }
  }

  private void putDecimal(BigDecimal value) {
    byte[] unscaled = value.unscaledValue().toByteArray();
    reserve(1 + unscaled.length);
    // Longer means further from zero, so the sign decides whether longer comes later.
    scratch[length++] =
        (byte) (value.signum() >= 0 ? 0x80 + unscaled.length : 0x80 - unscaled.length);
    System.arraycopy(unscaled, 0, scratch, length, unscaled.length);
    length += unscaled.length;
  }

  private void putString(CharSequence value, boolean last) {
    int chars = value.length();
    reserve(chars * 2 + 2);
    int start = length;
    for (int i = 0; i < chars; i++) {
      char c = value.charAt(i);
      if (c >= 0x80) {
        length = start;
        putBytes(ByteBuffer.wrap(value.toString().getBytes(StandardCharsets.UTF_8)), last);
        return;
      }
      scratch[length++] = (byte) c;
      if (c == 0 && !last) {
        scratch[length++] = (byte) 0xFF;
      }
    }
    if (!last) {
      scratch[length++] = 0;
      scratch[length++] = 1;
    }
  }

  private void putBytes(ByteBuffer value, boolean last) {
    int size = value.remaining();
    reserve(size * 2 + 2);
    for (int i = value.position(); i < value.limit(); i++) {
      byte b = value.get(i);
      scratch[length++] = b;
      if (b == 0 && !last) {
        scratch[length++] = (byte) 0xFF;
      }
    }
    if (!last) {
      scratch[length++] = 0;
      scratch[length++] = 1;
    }
  }

  private void reserve(int bytes) {
    if (length + bytes > scratch.length) {
      scratch = Arrays.copyOf(scratch, Math.max(scratch.length * 2, length + bytes));
    }
  }
}
