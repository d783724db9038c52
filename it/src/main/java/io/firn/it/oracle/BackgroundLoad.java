package io.firn.it.oracle;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;

/** Threads that keep changing the source; {@link #close()} stops them and reports their failure. */
public final class BackgroundLoad implements AutoCloseable {
  private static final int DEADLOCK = 1213;
  private static final int LOCK_WAIT_TIMEOUT = 1205;
  private static final int SERVER_SHUTDOWN = 1053;
  private static final int EVERYBODY = 1_000;
  private static final long RECONNECT_NANOS = 300_000_000;

  private final Connector connector;
  private final boolean reconnects;
  private final Semaphore turns = new Semaphore(EVERYBODY, true);
  private final List<Thread> threads = new ArrayList<>();
  private final AtomicBoolean stopped = new AtomicBoolean();
  private final AtomicLong changes = new AtomicLong();
  private final AtomicReference<Exception> failure = new AtomicReference<>();

  /** Opens connections to the source. */
  interface Connector {
    Connection connect() throws SQLException;
  }

  BackgroundLoad(Connector connector) {
    this(connector, false);
  }

  /**
   * @param reconnects whether a lost connection is replaced instead of being a failure; the
   *     transaction that was under way may or may not have happened
   */
  BackgroundLoad(Connector connector, boolean reconnects) {
    this.connector = connector;
    this.reconnects = reconnects;
  }

  void start(ChangeMix mix, int changesPerSecond) {
    Thread thread = new Thread(() -> run(mix, changesPerSecond), "load-" + threads.size());
    thread.setDaemon(true);
    threads.add(thread);
    thread.start();
  }

  private void run(ChangeMix mix, int changesPerSecond) {
    try {
      while (!stopped.get()) {
        if (!runConnected(mix, changesPerSecond)) {
          LockSupport.parkNanos(RECONNECT_NANOS);
        }
      }
    } catch (SQLException | RuntimeException | InterruptedException e) {
      failure.compareAndSet(null, e);
    }
  }

  /** Makes changes until it is stopped; false if the connection was lost. */
  private boolean runConnected(ChangeMix mix, int changesPerSecond)
      throws SQLException, InterruptedException {
    try (Connection connection = connector.connect()) {
      long start = System.nanoTime();
      long done = 0;
      while (!stopped.get()) {
        turns.acquire();
        try {
          int changed = step(mix, connection);
          done += changed;
          changes.addAndGet(changed);
        } finally {
          turns.release();
        }
        long due = start + done * 1_000_000_000L / changesPerSecond;
        LockSupport.parkNanos(Math.min(due - System.nanoTime(), 100_000_000L));
      }
      return true;
    } catch (SQLException e) {
      if (!reconnects || !isConnectionLost(e)) {
        throw e;
      }
      return false;
    }
  }

  private static boolean isConnectionLost(SQLException e) {
    for (Throwable cause = e; cause != null; cause = cause.getCause()) {
      if (cause instanceof SQLException sql
          && (sql.getErrorCode() == SERVER_SHUTDOWN
              || (sql.getSQLState() != null && sql.getSQLState().startsWith("08")))) {
        return true;
      }
    }
    return false;
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

  /** Waits for the transactions that are under way and lets no other begin. */
  public void pause() throws InterruptedException {
    turns.acquire(EVERYBODY);
  }

  /** Ends {@link #pause()}. */
  public void resume() {
    turns.release(EVERYBODY);
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
