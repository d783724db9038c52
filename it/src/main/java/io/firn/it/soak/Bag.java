package io.firn.it.soak;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/** Draws in random order, each kind once before any comes again, so that none is left out. */
final class Bag<T> {
  private final List<T> kinds;
  private final SplittableRandom random;
  private final List<T> left = new ArrayList<>();

  Bag(List<T> kinds, SplittableRandom random) {
    this.kinds = List.copyOf(kinds);
    this.random = random;
  }

  T draw() {
    if (left.isEmpty()) {
      left.addAll(kinds);
    }
    return left.remove(random.nextInt(left.size()));
  }
}
