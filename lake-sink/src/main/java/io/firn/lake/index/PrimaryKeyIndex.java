package io.firn.lake.index;

/**
 * Says for every live row of one upsert table, as far as one task owns it, where it is.
 *
 * <p>Keys are those of {@link KeyEncoder}, locations those of {@link RowLocation}. Calls are
 * batches, because state stores are much cheaper per key that way.
 *
 * <p><b>Threading</b>: the task's thread only.
 */
public interface PrimaryKeyIndex {

  /**
   * Finds rows.
   *
   * @param keys distinct keys in ascending order of their unsigned bytes
   * @param count how many elements of the arrays count
   * @param locations receives the location of each, {@link RowLocation#NONE} for an unknown key
   */
  void lookup(byte[][] keys, int count, long[] locations);

  /**
   * Sets the places of rows.
   *
   * @param keys distinct keys in ascending order of their unsigned bytes
   * @param count how many elements of the arrays count
   * @param locations the new location of each; {@link RowLocation#NONE} forgets the key
   */
  void update(byte[][] keys, int count, long[] locations);

  /** Forgets every key of the table. */
  void clear();
}
