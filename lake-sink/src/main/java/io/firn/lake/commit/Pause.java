package io.firn.lake.commit;

import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * Keeps what failed from being tried again at once: every failure in a row doubles the pause.
 *
 * <p><b>Threading</b>: one thread at a time.
 */
final class Pause {
  private static final long FIRST_NANOS = TimeUnit.SECONDS.toNanos(30);
  private static final int MAX_DOUBLINGS = 5;

  private final LongSupplier nanos;
  private int failures;
  private long notBeforeNanos;

  Pause(LongSupplier nanos) {
    this.nanos = nanos;
    this.notBeforeNanos = nanos.getAsLong();
  }

  boolean isOver() {
    return nanos.getAsLong() - notBeforeNanos >= 0;
  }

  void failed() {
    notBeforeNanos = nanos.getAsLong() + (FIRST_NANOS << Math.min(failures, MAX_DOUBLINGS));
    failures++;
  }

  void succeeded() {
    failures = 0;
  }
}
