package io.firn.it.oracle;

import java.util.Arrays;
import java.util.SplittableRandom;

/** The keys that a generator of changes may touch: it inserted them and did not delete them yet. */
final class LiveKeys {
  private long[] keys;
  private int size;

  LiveKeys(int capacity) {
    this.keys = new long[Math.max(16, capacity)];
  }

  void add(long key) {
    if (size == keys.length) {
      keys = Arrays.copyOf(keys, size * 2);
    }
    keys[size++] = key;
  }

  int size() {
    return size;
  }

  /** Up to {@code count} different keys. They stay alive. */
  long[] some(SplittableRandom random, int count) {
    // Swapped to the end, so that no key comes twice.
    int wanted = Math.min(count, size);
    long[] chosen = new long[wanted];
    for (int i = 0; i < wanted; i++) {
      int last = size - 1 - i;
      int index = random.nextInt(last + 1);
      long key = keys[index];
      keys[index] = keys[last];
      keys[last] = key;
      chosen[i] = key;
    }
    return chosen;
  }

  /** Up to {@code count} different keys, which are no longer alive afterwards. */
  long[] take(SplittableRandom random, int count) {
    long[] taken = some(random, count);
    size -= taken.length;
    return taken;
  }

  /** Gives a part of the keys away. */
  LiveKeys split(int count) {
    int given = Math.min(count, size);
    LiveKeys other = new LiveKeys(given);
    for (int i = 0; i < given; i++) {
      other.add(keys[--size]);
    }
    return other;
  }
}
