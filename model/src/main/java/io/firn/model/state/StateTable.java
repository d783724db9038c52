package io.firn.model.state;

import java.util.function.BiConsumer;

/**
 * An ordered map from bytes to bytes. Keys are compared as unsigned bytes.
 *
 * <p>The first two bytes of every key are its key group, big-endian: by them state moves between
 * tasks when the parallelism changes.
 */
public interface StateTable {

  /** The value of a key, or null. */
  byte[] get(byte[] key);

  /**
   * The values of many keys at once; much cheaper per key than {@link #get} if the keys are sorted.
   *
   * @return as many elements as there are keys; null where there is no value
   */
  byte[][] getAll(byte[][] keys);

  /** Sets one key. */
  void put(byte[] key, byte[] value);

  /** Removes one key, if there. */
  void delete(byte[] key);

  /**
   * Sets or removes many keys at once; cheapest if the keys are sorted.
   *
   * @param keys the keys
   * @param values their new values; null removes
   * @param count how many elements of the arrays count
   */
  void putAll(byte[][] keys, byte[][] values, int count);

  /**
   * Like {@link #putAll} for distinct keys in ascending order: the cheapest way to write many.
   * Large batches may go to files directly.
   */
  default void putAllSorted(byte[][] keys, byte[][] values, int count) {
    putAll(keys, values, count);
  }

  /** Removes every key that is at least {@code from} and less than {@code to}. */
  void deleteRange(byte[] from, byte[] to);

  /** Visits all keys with this prefix, in order. The table must not be changed meanwhile. */
  void forEach(byte[] prefix, BiConsumer<byte[], byte[]> visitor);
}
