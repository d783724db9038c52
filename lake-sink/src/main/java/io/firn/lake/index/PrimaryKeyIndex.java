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
   * @param keys distinct keys in ascending order of their unsigned bytes; the index may keep the
   *     keys themselves, so they are not changed any more
   * @param count how many elements of the arrays count
   * @param locations the new location of each; {@link RowLocation#NONE} forgets the key
   */
  void update(byte[][] keys, int count, long[] locations);

  /** Says where a row is from now on. */
  interface Relocation {
    /**
     * @param number of the key in the batch
     * @param found where the index says that its row is
     * @return where it is to say so instead; {@code found} to leave it
     */
    long apply(int number, long found);
  }

  /**
   * Corrects places of rows, such as those that a compaction moved. Unlike {@link #lookup}, it says
   * nothing about which keys are in use: memory stays with those that are.
   *
   * @param keys distinct keys in ascending order of their unsigned bytes; see {@link #update}
   * @param count how many elements of the array count
   * @param relocation asked for every key that the index knows
   * @return how many places were changed
   */
  default int repoint(byte[][] keys, int count, Relocation relocation) {
    long[] found = new long[count];
    lookup(keys, count, found);
    byte[][] movedKeys = new byte[count][];
    long[] locations = new long[count];
    int moved = 0;
    for (int i = 0; i < count; i++) {
      long location = found[i] == RowLocation.NONE ? found[i] : relocation.apply(i, found[i]);
      if (location != found[i]) {
        movedKeys[moved] = keys[i];
        locations[moved++] = location;
      }
    }
    update(movedKeys, moved, locations);
    return moved;
  }

  /** Forgets every key of the table. */
  void clear();
}
