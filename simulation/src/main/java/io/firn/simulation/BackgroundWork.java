package io.firn.simulation;

import io.firn.lake.compact.Compactor;
import io.firn.lake.maintain.Background;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.LongSupplier;

/** What a process does on threads of its own besides its tasks: piece by piece, in any order. */
final class BackgroundWork {
  private static final int STEPS_PER_PIECE = 12;

  private final List<Runnable> pieces = new ArrayList<>();
  private final Random random;

  BackgroundWork(Random random) {
    this.random = random;
  }

  /** Lets upkeep run here. */
  Background background(LongSupplier nanos) {
    return new Background(
        settings -> new Compactor(settings, pieces::add), () -> pieces::add, nanos);
  }

  /** Perhaps does a piece; returns whether it did. */
  boolean step() {
    if (pieces.isEmpty() || random.nextInt(STEPS_PER_PIECE) != 0) {
      return false;
    }
    pieces.remove(random.nextInt(pieces.size())).run();
    return true;
  }
}
