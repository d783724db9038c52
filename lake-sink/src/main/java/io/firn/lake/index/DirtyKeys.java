package io.firn.lake.index;

import io.firn.model.state.KeyGroupRange;
import io.firn.model.state.KeyGroups;
import io.firn.model.state.StateTable;
import java.util.Arrays;
import java.util.function.Function;

/**
 * The keys whose locations were changed since they were last written to the state; the locations
 * are in the hot tables.
 *
 * <p><b>Invariant</b>: every key once, because a hot table says of a key whether it is here
 * already.
 *
 * <p><b>Threading</b>: one thread.
 */
final class DirtyKeys {
  /** How many keys of all tasks wait at most: sorted batches are cheap then; some 25 MB of heap. */
  private static final int LIMIT = 400_000;

  private static final int MIN_LIMIT = 20_000;
  private static final int BYTES_PER_KEY = 64;
  private static final int INITIAL = 1024;

  private final int limit;
  private byte[][] keys = new byte[INITIAL][];
  private int count;
  private long bytes;

  /**
   * @param limit how many keys wait at most; fewer if they are long
   */
  DirtyKeys(int limit) {
    this.limit = limit;
  }

  /** The limit for a task with this part of all keys. */
  static int limitFor(KeyGroupRange keyGroups) {
    return Math.max(MIN_LIMIT, LIMIT / KeyGroups.COUNT * (keyGroups.end() - keyGroups.start()));
  }

  /** Whether they should be written now. */
  boolean isFull() {
    return count >= limit || bytes >= (long) limit * BYTES_PER_KEY;
  }

  int count() {
    return count;
  }

  void add(byte[] key) {
    if (count == keys.length) {
      keys = Arrays.copyOf(keys, count * 2);
    }
    keys[count++] = key;
    bytes += key.length;
  }

  /** Writes the locations of all keys in one sorted batch, and forgets the keys. */
  void drainTo(StateTable state, Function<byte[], HotTable> tableOf) {
    if (count == 0) {
      return;
    }
    // The keys came in sorted batches, and this sort merges what is sorted already.
    Arrays.sort(keys, 0, count, Arrays::compareUnsigned);
    byte[][] values = new byte[count][];
    byte[] before = null;
    HotTable table = null;
    for (int i = 0; i < count; i++) {
      byte[] key = keys[i];
      if (before == null
          || !Arrays.equals(
              before, 2, KeyEncoder.VALUES_OFFSET, key, 2, KeyEncoder.VALUES_OFFSET)) {
        table = tableOf.apply(key);
      }
      before = key;
      values[i] = StateKeyIndex.encode(table.take(key));
    }
    state.putAllSorted(keys, values, count);
    clear();
  }

  /** Forgets the keys of a table. */
  void remove(byte[] tag) {
    int kept = 0;
    long keptBytes = 0;
    for (int i = 0; i < count; i++) {
      byte[] key = keys[i];
      if (!Arrays.equals(tag, 0, TableTag.LENGTH, key, 2, KeyEncoder.VALUES_OFFSET)) {
        keys[kept++] = key;
        keptBytes += key.length;
      }
    }
    Arrays.fill(keys, kept, count, null);
    count = kept;
    bytes = keptBytes;
  }

  /** Forgets all keys. */
  void clear() {
    if (keys.length > limit) {
      keys = new byte[INITIAL][];
    } else {
      Arrays.fill(keys, 0, count, null);
    }
    count = 0;
    bytes = 0;
  }
}
