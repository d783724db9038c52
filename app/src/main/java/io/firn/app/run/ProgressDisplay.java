package io.firn.app.run;

import io.firn.app.terminal.Console;
import io.firn.model.schema.TableId;
import io.firn.runtime.PipelineListener.Phase;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * Shows a pipeline's progress from a thread of its own: bars and a line that is drawn again on a
 * terminal, a new line every few seconds elsewhere.
 */
public final class ProgressDisplay implements AutoCloseable {
  private static final long TERMINAL_MILLIS = 500;
  private static final long LINE_MILLIS = 5_000;

  private final Console console;
  private final RunProgress progress;
  private final Map<TableId, Long> estimates;
  private final Thread thread;
  private boolean closed;

  /**
   * Starts showing.
   *
   * @param estimates how many rows each table is thought to have
   */
  public ProgressDisplay(Console console, RunProgress progress, Map<TableId, Long> estimates) {
    this.console = console;
    this.progress = progress;
    this.estimates = Map.copyOf(estimates);
    this.thread = new Thread(this::show, "progress");
    thread.setDaemon(true);
    thread.start();
  }

  private void show() {
    StatusLine line = new StatusLine(progress, System.nanoTime());
    try (SnapshotBars bars = new SnapshotBars(progress, estimates)) {
      while (!waitFor(console.isTerminal() ? TERMINAL_MILLIS : LINE_MILLIS)) {
        boolean snapshot = progress.phase() == Phase.RUNNING && progress.inSnapshot();
        if (console.isTerminal() && snapshot) {
          console.endRedraw();
          bars.update();
        } else {
          bars.close();
          draw(line);
        }
      }
    }
  }

  private void draw(StatusLine line) {
    String text =
        line.render(System.nanoTime(), TimeUnit.MILLISECONDS.toMicros(System.currentTimeMillis()));
    if (console.isTerminal()) {
      console.redraw(text);
    } else {
      console.print(text);
    }
  }

  private synchronized boolean waitFor(long millis) {
    long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
    while (!closed) {
      long rest = (end - System.nanoTime()) / 1_000_000;
      if (rest <= 0) {
        return false;
      }
      try {
        wait(rest);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return true;
      }
    }
    return true;
  }

  @Override
  public void close() {
    synchronized (this) {
      closed = true;
      notifyAll();
    }
    try {
      thread.join(2_000);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    console.endRedraw();
  }
}
