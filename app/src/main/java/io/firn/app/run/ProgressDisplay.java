package io.firn.app.run;

import io.firn.app.terminal.Console;
import io.firn.runtime.PipelineListener.Phase;
import io.firn.source.snapshot.SnapshotProgress;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * Shows a pipeline's progress from a thread of its own: bars and a line that is drawn again on a
 * terminal, a new line every few seconds elsewhere.
 */
public final class ProgressDisplay implements AutoCloseable {
  private static final long TERMINAL_MILLIS = 500;
  private static final long LINE_MILLIS = 5_000;

  private final Console console;
  private final RunProgress progress;
  private final Supplier<SnapshotProgress> snapshot;
  private final Thread thread;
  private boolean closed;

  /**
   * Starts showing.
   *
   * @param snapshot how far the initial snapshot is
   */
  public ProgressDisplay(
      Console console, RunProgress progress, Supplier<SnapshotProgress> snapshot) {
    this.console = console;
    this.progress = progress;
    this.snapshot = snapshot;
    this.thread = new Thread(this::show, "progress");
    thread.setDaemon(true);
    thread.start();
  }

  private void show() {
    StatusLine line = new StatusLine(progress, System.nanoTime());
    try (SnapshotBars bars = new SnapshotBars(snapshot)) {
      while (!waitFor(console.isTerminal() ? TERMINAL_MILLIS : LINE_MILLIS)) {
        if (!console.isTerminal()) {
          draw(line);
        } else if (progress.phase() == Phase.RUNNING && progress.inSnapshot()) {
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
