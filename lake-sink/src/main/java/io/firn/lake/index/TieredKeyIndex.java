package io.firn.lake.index;

import io.firn.model.schema.TableSchema;
import java.util.Arrays;
import java.util.UUID;

/**
 * A {@link PrimaryKeyIndex} of two tiers: a {@link HotTable} in memory, and the task's state, which
 * has everything, the latest changes excepted.
 *
 * <p>Changes are made in memory only, and go to the state in sorted batches: see {@link
 * KeyIndexes#writeBack}. What memory does not have is looked up in the state, unless memory is
 * known to have all of a key group. After a restart it has nothing; it is filled by what is looked
 * up, and group by group by reading the state from end to end, as soon as single look-ups have cost
 * as much as that.
 *
 * <p><b>Invariant</b>: memory is asked first. Absence there counts only in key groups of which
 * {@link #isInMemory} is true.
 *
 * <p><b>Threading</b>: one thread, the same for all tables of the task.
 */
public final class TieredKeyIndex implements PrimaryKeyIndex {
  /** Keys that can be read in sequence at the price of one look-up in the state (measured). */
  private static final int SCANNED_PER_LOOKUP = 8;

  /** Keys of a group to expect before the first one was read. */
  private static final long FIRST_SCAN = 4096;

  private final KeyIndexes indexes;
  private final StateKeyIndex durable;
  private final boolean[] loaded;
  private KeyForm form;
  private HotTable hot;
  private long scanCredit;
  private long groupKeys = FIRST_SCAN;
  private boolean fitsMemory = true;
  private int[] missing = new int[0];

  TieredKeyIndex(KeyIndexes indexes, StateKeyIndex durable) {
    this.indexes = indexes;
    this.durable = durable;
    this.loaded = new boolean[durable.keyGroups().end()];
  }

  /**
   * Goes on with keys of another layout of rows.
   *
   * @param schema a layout with the same key columns, whose types may have changed
   */
  public void useLayout(TableSchema schema) {
    useForm(indexes.formOf(schema));
  }

  /** Goes on with keys in this form; begins with empty memory if it is another one than so far. */
  void useForm(KeyForm newForm) {
    if (form != null && form.words() == newForm.words()) {
      return;
    }
    if (hot != null) {
      indexes.writeBack();
      hot.clear();
    }
    form = newForm;
    hot = indexes.newHotTable(newForm);
    forgetLoaded(false);
  }

  HotTable hot() {
    return hot;
  }

  private void forgetLoaded(boolean complete) {
    Arrays.fill(loaded, complete);
    scanCredit = 0;
    groupKeys = FIRST_SCAN;
    fitsMemory = true;
  }

  /** Whether memory has every key of a key group. */
  boolean isInMemory(int keyGroup) {
    return loaded[keyGroup] && !hot.isLossy();
  }

  private static int groupOf(byte[] key) {
    return (key[0] & 0xFF) << 8 | (key[1] & 0xFF);
  }

  @Override
  public void lookup(byte[][] keys, int count, long[] locations) {
    int misses = findInMemory(keys, count, locations);
    if (misses > 0) {
      misses = loadGroups(keys, misses, locations);
      find(keys, misses, locations, true);
    }
  }

  /** Looks up what memory knows; leaves the places of the others in {@code missing}. */
  private int findInMemory(byte[][] keys, int count, long[] locations) {
    if (missing.length < count) {
      missing = new int[count];
    }
    int misses = 0;
    for (int i = 0; i < count; i++) {
      locations[i] = hot.get(keys[i]);
      if (locations[i] == HotTable.UNKNOWN) {
        if (isInMemory(groupOf(keys[i]))) {
          locations[i] = RowLocation.NONE;
        } else {
          missing[misses++] = i;
        }
      }
    }
    return misses;
  }

  /** Reads whole key groups if that pays; returns how many of the missing keys are still so. */
  private int loadGroups(byte[][] keys, int misses, long[] locations) {
    scanCredit += (long) misses * SCANNED_PER_LOOKUP;
    int left = 0;
    for (int m = 0; m < misses; m++) {
      int i = missing[m];
      int group = groupOf(keys[i]);
      if (!loaded[group] && fitsMemory && !hot.isLossy() && scanCredit >= groupKeys) {
        load(group);
      }
      if (isInMemory(group)) {
        long location = hot.get(keys[i]);
        locations[i] = location == HotTable.UNKNOWN ? RowLocation.NONE : location;
      } else {
        missing[left++] = i;
      }
    }
    return left;
  }

  private void load(int group) {
    long read =
        durable.forEach(
            group, (key, location) -> fitsMemory = fitsMemory && hot.fill(key, location, false));
    scanCredit -= read;
    groupKeys = Math.max(1, read);
    loaded[group] = fitsMemory;
  }

  /** Asks the state for the missing keys. */
  private void find(byte[][] keys, int misses, long[] locations, boolean keep) {
    byte[][] asked = new byte[misses][];
    for (int m = 0; m < misses; m++) {
      asked[m] = keys[missing[m]];
    }
    long[] found = new long[misses];
    durable.lookup(asked, misses, found);
    for (int m = 0; m < misses; m++) {
      locations[missing[m]] = found[m];
      if (keep && found[m] != RowLocation.NONE) {
        hot.fill(asked[m], found[m], true);
      }
    }
  }

  @Override
  public void update(byte[][] keys, int count, long[] locations) {
    for (int i = 0; i < count; i++) {
      set(keys[i], locations[i]);
    }
  }

  private void set(byte[] key, long location) {
    if (hot.change(key, location)) {
      indexes.changed(key);
    }
  }

  @Override
  public int repoint(byte[][] keys, int count, Relocation relocation) {
    long[] found = new long[count];
    int misses = findInMemory(keys, count, found);
    int[] cold = Arrays.copyOf(missing, misses);
    find(keys, misses, found, false);
    byte[][] coldKeys = new byte[misses][];
    long[] coldLocations = new long[misses];
    int coldMoved = 0;
    int hotMoved = 0;
    int next = 0;
    for (int i = 0; i < count; i++) {
      boolean isCold = next < misses && cold[next] == i;
      next += isCold ? 1 : 0;
      long location = found[i] == RowLocation.NONE ? found[i] : relocation.apply(i, found[i]);
      if (location == found[i]) {
        continue;
      }
      if (isCold) {
        coldKeys[coldMoved] = keys[i];
        coldLocations[coldMoved++] = location;
      } else {
        set(keys[i], location);
        hotMoved++;
      }
    }
    // Memory does not know these keys, so the state's word on them is the last one.
    durable.update(coldKeys, coldMoved, coldLocations);
    return hotMoved + coldMoved;
  }

  @Override
  public void clear() {
    indexes.dirty().remove(durable.tag());
    hot.clear();
    durable.clear();
    forgetLoaded(true);
  }

  /** See {@link StateKeyIndex#isComplete}. */
  public boolean isComplete(UUID tableUuid, int[] keyColumnIds) {
    return durable.isComplete(tableUuid, keyColumnIds);
  }

  /** See {@link StateKeyIndex#markComplete}. */
  public void markComplete(UUID tableUuid, int[] keyColumnIds) {
    durable.markComplete(tableUuid, keyColumnIds);
  }

  /** Makes sure that nothing reaches memory that was given back. */
  void abandon() {
    hot = null;
  }
}
