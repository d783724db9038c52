package io.firn.it.engine;

/**
 * Count and order-independent hash of a multiset of rows. Rows can be taken out again, so a change
 * log can be replayed into it.
 */
public final class ContentHash {
  private long rows;
  private long sum;

  /** Puts a row in ({@code sign} 1) or takes it out (-1). */
  public void add(String row, int sign) {
    rows += sign;
    sum += sign * hash(row);
  }

  /** A 64-bit hash of a text: FNV-1a over its characters, then the finaliser of MurmurHash3. */
  public static long hash(String text) {
    long hash = 0xcbf29ce484222325L;
    for (int i = 0; i < text.length(); i++) {
      hash = (hash ^ text.charAt(i)) * 0x100000001b3L;
    }
    hash = (hash ^ (hash >>> 33)) * 0xff51afd7ed558ccdL;
    hash = (hash ^ (hash >>> 33)) * 0xc4ceb9fe1a85ec53L;
    return hash ^ (hash >>> 33);
  }

  /** Number of rows. */
  public long rows() {
    return rows;
  }

  /** {@code rows:hash}, the form in which results of different readers are compared. */
  @Override
  public String toString() {
    return rows + ":" + Long.toHexString(sum);
  }
}
