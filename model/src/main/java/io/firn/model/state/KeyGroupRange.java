package io.firn.model.state;

/**
 * A contiguous range of key groups.
 *
 * @param start first key group
 * @param end one past the last key group
 */
public record KeyGroupRange(int start, int end) {

  /** Checks the bounds. */
  public KeyGroupRange {
    if (start < 0 || end < start || end > KeyGroups.COUNT) {
      throw new IllegalArgumentException("Bad key group range [" + start + ", " + end + ")");
    }
  }

  /** Whether a key group is in the range. */
  public boolean contains(int keyGroup) {
    return keyGroup >= start && keyGroup < end;
  }
}
