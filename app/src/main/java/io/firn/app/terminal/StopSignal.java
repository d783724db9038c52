package io.firn.app.terminal;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jline.utils.Signals;

/**
 * Turns SIGINT and SIGTERM into a request to stop, so that the pipeline can end with a checkpoint.
 *
 * <p>Handlers instead of a shutdown hook: hooks run side by side, and those of libraries would close
 * file systems under the final checkpoint. A second signal ends the process at once, which is safe
 * (everything after the last checkpoint is read again) but leaves the rest to the next start.
 */
public final class StopSignal implements AutoCloseable {
  private static final int INTERRUPTED = 130;

  private final CountDownLatch stop = new CountDownLatch(1);
  private final Object oldInterrupt;
  private final Object oldTerminate;

  /** Listens from now on. */
  public StopSignal() {
    oldInterrupt = Signals.register("INT", this::received);
    oldTerminate = Signals.register("TERM", this::received);
  }

  private void received() {
    if (stop.getCount() == 0) {
      Runtime.getRuntime().halt(INTERRUPTED);
    }
    stop.countDown();
  }

  /** Asks to stop, as a signal does. */
  public void request() {
    stop.countDown();
  }

  /** Whether stopping was asked for. */
  public boolean requested() {
    return stop.getCount() == 0;
  }

  /** Waits until stopping is asked for; false when the time is over first. */
  public boolean await(long millis) throws InterruptedException {
    return stop.await(millis, TimeUnit.MILLISECONDS);
  }

  @Override
  public void close() {
    Signals.unregister("INT", oldInterrupt);
    Signals.unregister("TERM", oldTerminate);
  }
}
