package io.firn.runtime.state.rocksdb;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Writes many puts and deletes of one column family in RocksDB's own batch format, so that a batch
 * crosses into native code once instead of once per key.
 *
 * <p>Format (RocksDB {@code db/write_batch.cc}): sequence number, 8 bytes, 0; count, 4 bytes, both
 * little-endian; then per key a tag (4: delete, 5: put), the column family id, the key and, for a
 * put, the value; numbers are base-128 varints, byte strings have their length before them.
 */
final class WriteBatchEncoder {
  private static final byte DELETE = 0x4;
  private static final byte PUT = 0x5;
  private static final int HEADER_BYTES = 12;

  private WriteBatchEncoder() {}

  /**
   * @param values null deletes
   * @param count how many elements count
   */
  static byte[] encode(int columnFamilyId, byte[][] keys, byte[][] values, int from, int count) {
    int size = HEADER_BYTES;
    int idBytes = varintBytes(columnFamilyId);
    for (int i = from; i < from + count; i++) {
      size += 1 + idBytes + varintBytes(keys[i].length) + keys[i].length;
      if (values[i] != null) {
        size += varintBytes(values[i].length) + values[i].length;
      }
    }
    ByteBuffer out = ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
    out.putLong(0).putInt(count);
    for (int i = from; i < from + count; i++) {
      out.put(values[i] == null ? DELETE : PUT);
      putVarint(out, columnFamilyId);
      putVarint(out, keys[i].length);
      out.put(keys[i]);
      if (values[i] != null) {
        putVarint(out, values[i].length);
        out.put(values[i]);
      }
    }
    return out.array();
  }

  private static int varintBytes(int value) {
    return value == 0 ? 1 : (38 - Integer.numberOfLeadingZeros(value)) / 7;
  }

  private static void putVarint(ByteBuffer out, int value) {
    int rest = value;
    while ((rest & ~0x7f) != 0) {
      out.put((byte) (rest | 0x80));
      rest >>>= 7;
    }
    out.put((byte) rest);
  }
}
