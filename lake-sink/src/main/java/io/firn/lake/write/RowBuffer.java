package io.firn.lake.write;

import io.firn.model.row.Row;
import java.util.Arrays;

/**
 * The latest row, or a tombstone, of every key that changed since the last flush: an
 * open-addressing table of the key's bytes.
 *
 * <p>Not a {@code HashMap}, because that needs a wrapper around the key and a node per entry for
 * every row.
 *
 * <p><b>Threading</b>: one thread.
 */
final class RowBuffer {

  /** One key and what became of it. */
  static final class Entry {
    final byte[] key;
    final int hash;

    /** The first eight bytes of the key's values, for fast comparison. */
    final long order;

    /** The row, or null for a tombstone. */
    Row row;

    RowMapping mapping;
    int bytes;
    int partition;

    /** Where the row was written by the flush. */
    long location;

    Entry(byte[] key, int hash, long order) {
      this.key = key;
      this.hash = hash;
      this.order = order;
    }
  }

  private static final int INITIAL_SLOTS = 1024;

  private final int valuesOffset;
  private Entry[] slots = new Entry[INITIAL_SLOTS];

  /** Hashes of the keys in {@code slots}: comparing them here spares a cache miss per probe. */
  private int[] slotHashes = new int[INITIAL_SLOTS];

  private Entry[] entries = new Entry[INITIAL_SLOTS / 2];
  private int count;
  private long bytes;

  /**
   * @param valuesOffset where in a key its values begin
   */
  RowBuffer(int valuesOffset) {
    this.valuesOffset = valuesOffset;
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
    int slot = slotOf(hash);
    while (slots[slot] != null) {
      if (slotHashes[slot] == hash && Arrays.equals(slots[slot].key, key)) {
        Entry found = slots[slot];
        bytes += rowBytes - found.bytes;
        found.row = row;
        found.mapping = mapping;
        found.bytes = rowBytes;
        return;
      }
      slot = (slot + 1) & (slots.length - 1);
    }
    Entry entry = new Entry(key, hash, orderOf(key));
    entry.row = row;
    entry.mapping = mapping;
    entry.bytes = rowBytes;
    slots[slot] = entry;
    slotHashes[slot] = hash;
    bytes += rowBytes;
    entries[count++] = entry;
    if (count == entries.length) {
      grow();
    }
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
    slots = new Entry[slots.length * 2];
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
  Entry[] sorted() {
    Entry[] sorted = Arrays.copyOf(entries, count);
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
      slots = new Entry[INITIAL_SLOTS];
      slotHashes = new int[INITIAL_SLOTS];
      entries = new Entry[INITIAL_SLOTS / 2];
    } else {
      Arrays.fill(slots, null);
      Arrays.fill(entries, 0, count, null);
    }
    count = 0;
    bytes = 0;
  }
}
