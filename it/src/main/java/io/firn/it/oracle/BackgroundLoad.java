package io.firn.it.oracle;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;

/** Threads that keep changing the source; {@link #close()} stops them and reports their failure. */
public final class BackgroundLoad implements AutoCloseable {
  private static final int DEADLOCK = 1213;
  private static final int LOCK_WAIT_TIMEOUT = 1205;

  private final Connector connector;
  private final List<Thread> threads = new ArrayList<>();
  private final AtomicBoolean stopped = new AtomicBoolean();
  private final AtomicLong changes = new AtomicLong();
  private final AtomicReference<Exception> failure = new AtomicReference<>();

  /** Opens connections to the source. */
  interface Connector {
    Connection connect() throws SQLException;
  }

  BackgroundLoad(Connector connector) {
    this.connector = connector;
  }

  void start(ChangeMix mix, int changesPerSecond) {
    Thread thread = new Thread(() -> run(mix, changesPerSecond), "load-" + threads.size());
    thread.setDaemon(true);
    threads.add(thread);
    thread.start();
  }

  private void run(ChangeMix mix, int changesPerSecond) {
    long start = System.nanoTime();
    long done = 0;
    try (Connection connection = connector.connect()) {
      while (!stopped.get()) {
        int changed = step(mix, connection);
        done += changed;
        changes.addAndGet(changed);
        long due = start + done * 1_000_000_000L / changesPerSecond;
        LockSupport.parkNanos(Math.min(due - System.nanoTime(), 100_000_000L));
      }
    } catch (SQLException | RuntimeException e) {
      failure.compareAndSet(null, e);
    }
  }

  private static int step(ChangeMix mix, Connection connection) throws SQLException {
    try {
      return mix.step(connection);
    } catch (SQLException e) {
      if (e.getErrorCode() == DEADLOCK || e.getErrorCode() == LOCK_WAIT_TIMEOUT) {
        return 0;
      }
      throw e;
    }
  }

  /** Row changes committed so far. */
  public long changes() {
    return changes.get();
  }

  @Override
  public void close() {
    stopped.set(true);
    for (Thread thread : threads) {
      LockSupport.unpark(thread);
      try {
        thread.join(60_000);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
    if (failure.get() != null) {
      throw new IllegalStateException("The load on the source failed", failure.get());
    }
  }
}
