package io.firn.app.verify;

import java.util.BitSet;

/**
 * For every bucket of a table the number of its rows and the sum of their fingerprints: equal on
 * both sides if, and for all practical purposes only if, the same rows are there, in whatever order
 * they were read.
 */
final class BucketSums {
  static final int BUCKETS = 1024;

  private final long[] counts = new long[BUCKETS];
  private final long[] highs = new long[BUCKETS];
  private final long[] lows = new long[BUCKETS];

  /**
   * Adds a row, or takes one away.
   *
   * @param times 1 or -1
   */
  void add(int bucket, Fingerprint row, int times) {
    counts[bucket] += times;
    highs[bucket] += times * row.high();
    lows[bucket] += times * row.low();
  }

  /** Rows in all buckets. */
  long rows() {
    long sum = 0;
    for (long count : counts) {
      sum += count;
    }
    return sum;
  }

  /** Rows in one bucket. */
  long rows(int bucket) {
    return counts[bucket];
  }

  /** The buckets that do not have the same rows on both sides. */
  BitSet differing(BucketSums other) {
    BitSet result = new BitSet(BUCKETS);
    for (int i = 0; i < BUCKETS; i++) {
      if (counts[i] != other.counts[i] || highs[i] != other.highs[i] || lows[i] != other.lows[i]) {
        result.set(i);
      }
    }
    return result;
  }
}
