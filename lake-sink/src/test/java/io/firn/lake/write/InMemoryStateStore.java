package io.firn.lake.write;

import io.firn.model.state.KeyGroupRange;
import io.firn.model.state.StateStore;
import io.firn.model.state.StateTable;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BiConsumer;

/** Keyed state in sorted maps, with snapshots that can be restored. */
public final class InMemoryStateStore implements StateStore {
  private final Map<String, SortedTable> tables = new HashMap<>();

  @Override
  public StateTable table(String name) {
    return tables.computeIfAbsent(name, n -> new SortedTable());
  }

  /** How many keys a table has. */
  public int size(String name) {
    return ((SortedTable) table(name)).entries.size();
  }

  /** Adds to this store what others have in a range of key groups. */
  public void restore(KeyGroupRange keyGroups, InMemoryStateStore from) {
    from.tables.forEach(
        (name, table) ->
            table.entries.forEach(
                (key, value) -> {
                  int keyGroup = (key[0] & 0xFF) << 8 | (key[1] & 0xFF);
                  if (keyGroups.contains(keyGroup)) {
                    table(name).put(key, value);
                  }
                }));
  }

  private static final class SortedTable implements StateTable {
    final TreeMap<byte[], byte[]> entries = new TreeMap<>(Arrays::compareUnsigned);

    @Override
    public byte[] get(byte[] key) {
      return entries.get(key);
    }

    @Override
    public byte[][] getAll(byte[][] keys) {
      requireSorted(keys, keys.length);
      byte[][] values = new byte[keys.length][];
      for (int i = 0; i < keys.length; i++) {
        values[i] = entries.get(keys[i]);
      }
      return values;
    }

    @Override
    public void put(byte[] key, byte[] value) {
      entries.put(key.clone(), value.clone());
    }

    @Override
    public void delete(byte[] key) {
      entries.remove(key);
    }

    @Override
    public void putAll(byte[][] keys, byte[][] values, int count) {
      requireSorted(keys, count);
      for (int i = 0; i < count; i++) {
        if (values[i] == null) {
          entries.remove(keys[i]);
        } else {
          entries.put(keys[i], values[i]);
        }
      }
    }

    private static void requireSorted(byte[][] keys, int count) {
      for (int i = 1; i < count; i++) {
        if (Arrays.compareUnsigned(keys[i - 1], keys[i]) >= 0) {
          throw new AssertionError("Batch is not sorted or not distinct at " + i);
        }
      }
    }

    @Override
    public void deleteRange(byte[] from, byte[] to) {
      entries.subMap(from, to).clear();
    }

    @Override
    public void forEach(byte[] prefix, BiConsumer<byte[], byte[]> visitor) {
      entries.forEach(
          (key, value) -> {
            if (Arrays.mismatch(prefix, key) >= prefix.length || Arrays.equals(prefix, key)) {
              visitor.accept(key, value);
            }
          });
    }
  }
}
