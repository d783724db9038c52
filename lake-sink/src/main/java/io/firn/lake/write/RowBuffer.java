package io.firn.lake.write;

import io.firn.model.row.Row;
import java.util.Arrays;
import java.util.function.IntFunction;

/**
 * The latest row, or a tombstone, of every key that changed since the last flush: an
 * open-addressing table of the key's bytes.
 *
 * <p>Not a {@code HashMap}, because that needs a wrapper around the key and a node per entry for
 * every row.
 *
 * <p><b>Threading</b>: one thread.
 */
final class RowBuffer<E extends RowBuffer.Entry> {

  /** One key and what became of it; its row is null for a tombstone. */
  static class Entry extends PendingRow {
    /** The deletion time of a row that is not deleted. */
    static final long ALIVE = Long.MIN_VALUE;

    final byte[] key;
    final int hash;

    /** The first eight bytes of the key's values, for fast comparison. */
    final long order;

    /** In soft-delete mode: when the row was deleted, 0 for an unknown time, or {@link #ALIVE}. */
    long deletedAt = ALIVE;

    int bytes;

    Entry(byte[] key, int hash, long order) {
      this.key = key;
      this.hash = hash;
      this.order = order;
    }

    @Override
    RowView show(RowView view) {
      if (deletedAt == ALIVE) {
        return view.show(row, mapping, false, null, null);
      }
      return view.show(row, mapping, true, deletedAt == 0 ? null : (Long) deletedAt, null);
    }
  }

  /** Makes entries. */
  interface EntryFactory<E> {
    /** An entry of a key; see the fields of {@link Entry}. */
    E create(byte[] key, int hash, long order);
  }

  private static final int INITIAL_SLOTS = 1024;

  private final int valuesOffset;
  private final EntryFactory<E> factory;
  private final IntFunction<E[]> arrays;
  private E[] slots;

  /** Hashes of the keys in {@code slots}: comparing them here spares a cache miss per probe. */
  private int[] slotHashes = new int[INITIAL_SLOTS];

  private E[] entries;
  private int count;
  private long bytes;

  /**
   * @param valuesOffset where in a key its values begin
   * @param factory makes entries
   * @param arrays makes arrays of them
   */
  RowBuffer(int valuesOffset, EntryFactory<E> factory, IntFunction<E[]> arrays) {
    this.valuesOffset = valuesOffset;
    this.factory = factory;
    this.arrays = arrays;
    this.slots = arrays.apply(INITIAL_SLOTS);
    this.entries = arrays.apply(INITIAL_SLOTS / 2);
  }

  /** How many keys there are. */
  int count() {
    return count;
  }

  /** About how much heap they take, in bytes. */
  long bytes() {
    return bytes;
  }

  /** Sets the row of a key; null for a tombstone. */
  void put(byte[] key, int hash, Row row, RowMapping mapping, int rowBytes) {
    put(key, hash, row, mapping, rowBytes, Entry.ALIVE);
  }

  /** Sets the row of a key, and since when it has been deleted. */
  void put(byte[] key, int hash, Row row, RowMapping mapping, int rowBytes, long deletedAt) {
    E entry = entry(key, hash);
    entry.row = row;
    entry.mapping = mapping;
    entry.deletedAt = deletedAt;
    addBytes(entry, rowBytes - entry.bytes);
  }

  /** The entry of a key; a new one if there is none. */
  E entry(byte[] key, int hash) {
    int slot = slotOf(hash);
    while (slots[slot] != null) {
      if (slotHashes[slot] == hash && Arrays.equals(slots[slot].key, key)) {
        return slots[slot];
      }
      slot = (slot + 1) & (slots.length - 1);
    }
    E entry = factory.create(key, hash, orderOf(key));
    slots[slot] = entry;
    slotHashes[slot] = hash;
    entries[count++] = entry;
    if (count == entries.length) {
      grow();
    }
    return entry;
  }

  /** Notes that an entry takes so many bytes more. */
  void addBytes(E entry, int more) {
    entry.bytes += more;
    bytes += more;
  }

  private long orderOf(byte[] key) {
    long order = 0;
    for (int i = valuesOffset; i < valuesOffset + 8; i++) {
      order = order << 8 | (i < key.length ? key[i] & 0xFF : 0);
    }
    return order;
  }

  /** Mixes the hash: its low bits are the key group, of which a task has only some. */
  private int slotOf(int hash) {
    return (hash * 0x9E3779B9) >>> (Integer.numberOfLeadingZeros(slots.length) + 1);
  }

  private void grow() {
    entries = Arrays.copyOf(entries, entries.length * 2);
    slots = arrays.apply(slots.length * 2);
    slotHashes = new int[slots.length];
    for (int i = 0; i < count; i++) {
      int slot = slotOf(entries[i].hash);
      while (slots[slot] != null) {
        slot = (slot + 1) & (slots.length - 1);
      }
      slots[slot] = entries[i];
      slotHashes[slot] = entries[i].hash;
    }
  }

  /** All entries in ascending order of the keys' values. */
  E[] sorted() {
    E[] sorted = Arrays.copyOf(entries, count);
    Arrays.sort(
        sorted,
        (a, b) ->
            a.order != b.order
                ? Long.compareUnsigned(a.order, b.order)
                : Arrays.compareUnsigned(
                    a.key, valuesOffset, a.key.length, b.key, valuesOffset, b.key.length));
    return sorted;
  }

  /** Removes everything. */
  void clear() {
    if (slots.length > INITIAL_SLOTS && count < slots.length / 8) {
      slots = arrays.apply(INITIAL_SLOTS);
      slotHashes = new int[INITIAL_SLOTS];
      entries = arrays.apply(INITIAL_SLOTS / 2);
    } else {
      Arrays.fill(slots, null);
      Arrays.fill(entries, 0, count, null);
    }
    count = 0;
    bytes = 0;
  }
}
