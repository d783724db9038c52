package io.firn.model.state;

/**
 * The arithmetic of key groups: fixed slices of the key space that tasks own in contiguous ranges.
 */
public final class KeyGroups {
  /** How many key groups there are. Part of the format of checkpoints. */
  public static final int COUNT = 128;

  private KeyGroups() {}

  /** The key group of a key hash ({@code KeyHash}), from 0 to {@code COUNT - 1}. */
  public static int ofHash(int keyHash) {
    return Math.floorMod(keyHash, COUNT);
  }

  /** The task that owns a key group. */
  public static int taskOf(int keyGroup, int parallelism) {
    return keyGroup * parallelism / COUNT;
  }

  /** The key groups that a task owns. */
  public static KeyGroupRange rangeOf(int subtask, int parallelism) {
    int start = (subtask * COUNT + parallelism - 1) / parallelism;
    int end = ((subtask + 1) * COUNT + parallelism - 1) / parallelism;
    return new KeyGroupRange(start, end);
  }
}
