package io.firn.lake.index;

/**
 * Where a row is: a data file's number and a position in it, packed into one long: file number
 * above 28 bits of position, 61 bits together. Part of the format of checkpoints.
 */
public final class RowLocation {
  /** No place: what {@link PrimaryKeyIndex} says of an unknown key. */
  public static final long NONE = -1;

  /** How many rows a data file may have at most. */
  public static final long MAX_ROWS_PER_FILE = 1L << 28;

  private static final int POSITION_BITS = 28;
  private static final long MAX_FILE_ID = (1L << 33) - 1;

  private RowLocation() {}

  /**
   * Packs a place.
   *
   * @throws IllegalArgumentException if a part does not fit
   */
  public static long of(long fileId, long position) {
    if (fileId < 0 || fileId > MAX_FILE_ID || position < 0 || position >= MAX_ROWS_PER_FILE) {
      throw new IllegalArgumentException(
          "Row " + position + " of data file number " + fileId + " cannot be referred to");
    }
    return fileId << POSITION_BITS | position;
  }

  /** The file's number. */
  public static long fileId(long location) {
    return location >>> POSITION_BITS;
  }

  /** The row's position in the file, from 0. */
  public static long position(long location) {
    return location & (MAX_ROWS_PER_FILE - 1);
  }
}
