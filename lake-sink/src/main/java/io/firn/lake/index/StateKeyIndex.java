package io.firn.lake.index;

import io.firn.model.error.InconsistentStateException;
import io.firn.model.schema.TableId;
import io.firn.model.state.KeyGroupRange;
import io.firn.model.state.StateTable;
import java.util.Arrays;
import java.util.UUID;

/**
 * The durable tier of the index: a {@link PrimaryKeyIndex} in the task's keyed state, which all
 * tables share.
 *
 * <p>Beside the keys it keeps, per key group, a mark that the table is indexed completely. Without
 * it an empty index could mean "no rows" as well as "never looked".
 *
 * <p><b>Format</b> in the state table {@link #STATE_TABLE}: key bytes of {@link KeyEncoder} to 8
 * bytes of {@link RowLocation}, big-endian; and key group, six zero bytes, table tag to the ids of
 * the key's columns in key order, 4 bytes each, big-endian.
 */
public final class StateKeyIndex implements PrimaryKeyIndex {
  /** Name of the state table. */
  public static final String STATE_TABLE = "key-index";

  private static final int UUID_BYTES = 16;
  private static final int CHUNK = 8192;

  private final StateTable state;
  private final TableId table;
  private final byte[] tag;
  private final KeyGroupRange keyGroups;

  /** The index of one table for the key groups of one task. */
  public StateKeyIndex(StateTable state, TableId table, KeyGroupRange keyGroups) {
    this.state = state;
    this.table = table;
    this.tag = TableTag.of(table);
    this.keyGroups = keyGroups;
  }

  @Override
  public void lookup(byte[][] keys, int count, long[] locations) {
    for (int start = 0; start < count; start += CHUNK) {
      int end = Math.min(count, start + CHUNK);
      byte[][] values = state.getAll(Arrays.copyOfRange(keys, start, end));
      for (int i = start; i < end; i++) {
        locations[i] = decode(values[i - start]);
      }
    }
  }

  @Override
  public void update(byte[][] keys, int count, long[] locations) {
    byte[][] values = new byte[count][];
    for (int i = 0; i < count; i++) {
      values[i] = encode(locations[i]);
    }
    state.putAllSorted(keys, values, count);
  }

  /** Receives keys and their locations. */
  interface Visitor {
    /** One key, and where it is. */
    void visit(byte[] key, long location);
  }

  /** Visits all keys of a key group; returns how many they are. */
  long forEach(int keyGroup, Visitor visitor) {
    long[] count = new long[1];
    state.forEach(
        prefix(keyGroup, tag),
        (key, value) -> {
          visitor.visit(key, decode(value));
          count[0]++;
        });
    return count[0];
  }

  byte[] tag() {
    return tag;
  }

  KeyGroupRange keyGroups() {
    return keyGroups;
  }

  @Override
  public void clear() {
    clear(state, tag, keyGroups);
  }

  /** Removes the keys of a table from a state table. */
  static void clear(StateTable state, byte[] tag, KeyGroupRange keyGroups) {
    for (int group = keyGroups.start(); group < keyGroups.end(); group++) {
      byte[] from = prefix(group, tag);
      byte[] to = from.clone();
      // The smallest key that is greater than every key with the prefix.
      for (int i = to.length - 1; i >= 0 && ++to[i] == 0; i--) {}
      state.deleteRange(from, to);
    }
  }

  /**
   * Whether the index has every row of the table.
   *
   * @param tableUuid the lake table's own id: a table that was dropped and created again under its
   *     old name is another one, and locations in the old one mean nothing in it
   * @param keyColumnIds field ids of the key's columns in key order, as given to {@link
   *     #markComplete}: with another key the index would be another one
   * @throws InconsistentStateException if the index is that of another table of this name
   */
  public boolean isComplete(UUID tableUuid, int[] keyColumnIds) {
    byte[] expected = markValue(tableUuid, keyColumnIds);
    boolean complete = true;
    for (int group = keyGroups.start(); group < keyGroups.end(); group++) {
      byte[] mark = state.get(markKey(group));
      if (mark != null && !Arrays.equals(mark, 0, UUID_BYTES, expected, 0, UUID_BYTES)) {
        throw new InconsistentStateException(
            "Continuing table "
                + table
                + " failed: the table in the lake is not the one that this pipeline wrote; it was"
                + " dropped and created again. Restore it, or mirror into new tables under another"
                + " pipeline name.");
      }
      complete &= Arrays.equals(mark, expected);
    }
    return complete;
  }

  /** Notes that the index has every row of the table, which is true from then on. */
  public void markComplete(UUID tableUuid, int[] keyColumnIds) {
    byte[] value = markValue(tableUuid, keyColumnIds);
    for (int group = keyGroups.start(); group < keyGroups.end(); group++) {
      state.put(markKey(group), value);
    }
  }

  private byte[] markKey(int group) {
    byte[] prefix = prefix(group, TableTag.RESERVED);
    byte[] key = Arrays.copyOf(prefix, prefix.length + TableTag.LENGTH);
    System.arraycopy(tag, 0, key, prefix.length, TableTag.LENGTH);
    return key;
  }

  private static byte[] markValue(UUID tableUuid, int[] keyColumnIds) {
    java.nio.ByteBuffer value =
        java.nio.ByteBuffer.allocate(UUID_BYTES + 4 * keyColumnIds.length)
            .putLong(tableUuid.getMostSignificantBits())
            .putLong(tableUuid.getLeastSignificantBits());
    for (int id : keyColumnIds) {
      value.putInt(id);
    }
    return value.array();
  }

  private static byte[] prefix(int group, byte[] tag) {
    byte[] prefix = new byte[2 + TableTag.LENGTH];
    prefix[0] = (byte) (group >>> 8);
    prefix[1] = (byte) group;
    System.arraycopy(tag, 0, prefix, 2, TableTag.LENGTH);
    return prefix;
  }

  /** The value of a key in the state; null for {@link RowLocation#NONE}. */
  static byte[] encode(long location) {
    if (location == RowLocation.NONE) {
      return null;
    }
    byte[] bytes = new byte[8];
    for (int i = 0; i < 8; i++) {
      bytes[i] = (byte) (location >>> (56 - 8 * i));
    }
    return bytes;
  }

  private static long decode(byte[] bytes) {
    if (bytes == null) {
      return RowLocation.NONE;
    }
    long location = 0;
    for (byte b : bytes) {
      location = location << 8 | (b & 0xFF);
    }
    return location;
  }
}
