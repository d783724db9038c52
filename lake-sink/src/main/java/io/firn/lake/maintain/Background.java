package io.firn.lake.maintain;

import io.firn.lake.compact.CompactionSettings;
import io.firn.lake.compact.Compactor;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * Where the part of upkeep runs that takes long, and the clock that says when something is due.
 *
 * @param compactors makes what rewrites files, once per life
 * @param cleaners makes what looks for files and deletes them, once per life; shut down with it if
 *     it is an {@code ExecutorService}
 * @param nanos a clock that never goes back
 */
public record Background(
    Function<CompactionSettings, Compactor> compactors,
    Supplier<Executor> cleaners,
    LongSupplier nanos) {

  /** On threads of low priority, which start with the first work. */
  public static Background threads() {
    return new Background(
        Compactor::new,
        () ->
            Executors.newSingleThreadExecutor(
                work -> {
                  Thread thread = new Thread(work, "firn-maintenance");
                  thread.setDaemon(true);
                  thread.setPriority(Thread.MIN_PRIORITY);
                  return thread;
                }),
        System::nanoTime);
  }

  /** In the thread that asks for it. */
  public static Background inline(LongSupplier nanos) {
    return new Background(
        settings -> new Compactor(settings, Runnable::run), () -> Runnable::run, nanos);
  }
}
