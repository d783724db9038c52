package io.firn.app.terminal;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jline.utils.Signals;

/**
 * Turns SIGINT and SIGTERM into a request to stop, so that the pipeline can end with a checkpoint.
 *
 * <p>Handlers instead of a shutdown hook: hooks run side by side, and those of libraries would
 * close file systems under the final checkpoint. A second signal ends the process at once, which is
 * safe (everything after the last checkpoint is read again) but leaves the rest to the next start.
 */
public final class StopSignal implements AutoCloseable {
  private static final int INTERRUPTED = 130;

  private final CountDownLatch stop = new CountDownLatch(1);
  private final Map<String, Object> replaced = new HashMap<>();

  /** Listens from now on. */
  public StopSignal() {
    this(List.of("INT", "TERM"));
  }

  private StopSignal(List<String> signals) {
    for (String signal : signals) {
      replaced.put(signal, Signals.register(signal, this::received));
    }
  }

  /** One that listens to no signal and only knows {@link #request}. */
  public static StopSignal detached() {
    return new StopSignal(List.of());
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

  /** Waits until stopping is asked for. */
  public void await() throws InterruptedException {
    stop.await();
  }

  /** Waits until stopping is asked for; false when the time is over first. */
  public boolean await(long millis) throws InterruptedException {
    return stop.await(millis, TimeUnit.MILLISECONDS);
  }

  @Override
  public void close() {
    replaced.forEach(Signals::unregister);
    replaced.clear();
  }
}
