package io.firn.lake.index;

import io.firn.model.schema.TableId;
import io.firn.model.state.KeyGroupRange;
import io.firn.model.state.StateTable;
import java.nio.ByteBuffer;

/**
 * One time for each key that a table in history mode ever had, as far as one task owns it: when the
 * key's newest version began or, for a key without a row, when it ended.
 *
 * <p><b>Format</b> in the state table {@link #STATE_TABLE}: key bytes of {@link KeyEncoder} to
 * microseconds since 1970 UTC, 8 bytes, big-endian.
 *
 * <p><b>Threading</b>: one thread.
 */
public final class KeyTimes {
  /** Name of the state table. */
  public static final String STATE_TABLE = "key-times";

  /** No time: the key is new. */
  public static final long NONE = Long.MIN_VALUE;

  private final StateTable state;
  private final byte[] tag;
  private final KeyGroupRange keyGroups;

  /** The times of one table for the key groups of one task. */
  public KeyTimes(StateTable state, TableId table, KeyGroupRange keyGroups) {
    this.state = state;
    this.tag = TableTag.of(table);
    this.keyGroups = keyGroups;
  }

  /** The times of distinct keys in ascending order, {@link #NONE} for unknown ones. */
  public long[] lookup(byte[][] keys) {
    byte[][] values = state.getAll(keys);
    long[] times = new long[keys.length];
    for (int i = 0; i < times.length; i++) {
      times[i] = values[i] == null ? NONE : ByteBuffer.wrap(values[i]).getLong();
    }
    return times;
  }

  /** Sets the times of distinct keys in ascending order; {@link #NONE} forgets a key. */
  public void update(byte[][] keys, long[] times) {
    byte[][] values = new byte[keys.length][];
    for (int i = 0; i < keys.length; i++) {
      values[i] =
          times[i] == NONE ? null : ByteBuffer.allocate(Long.BYTES).putLong(times[i]).array();
    }
    state.putAllSorted(keys, values, keys.length);
  }

  /** Sets the times of distinct keys in ascending order where they are later than what is known. */
  void raise(byte[][] keys, long[] times) {
    long[] known = lookup(keys);
    for (int i = 0; i < known.length; i++) {
      known[i] = Math.max(known[i], times[i]);
    }
    update(keys, known);
  }

  /** Forgets every key of the table. */
  public void clear() {
    StateKeyIndex.clear(state, tag, keyGroups);
  }
}
