package io.firn.bench.recovery;

import io.firn.testservers.MySqlServer;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;

/**
 * A table of many narrow rows, {@code accounts(id BIGINT, a INT, b VARCHAR(20))}, and changes of
 * random rows of it.
 *
 * <p><b>Threading</b>: the load has a thread of its own; everything else is for one thread.
 */
final class AccountsTable implements AutoCloseable {
  static final String DATABASE = "recovery";
  static final String NAME = "accounts";

  /** Greater than every other value of {@code a}: a file's statistics show whether it is there. */
  private static final int FIRST_MARK = 2_000_000_000;

  private static final int SEED_ROWS = 1_000;
  private static final int ROWS_PER_TRANSACTION = 50;

  private final MySqlServer server;
  private final long rows;
  private final AtomicBoolean ended = new AtomicBoolean();
  private final AtomicReference<SQLException> failure = new AtomicReference<>();
  private Thread load;
  private int marks;

  AccountsTable(MySqlServer server, long rows) {
    this.server = server;
    this.rows = rows;
  }

  /** Creates and fills it, without a trace in the binlog. */
  void fill() throws SQLException {
    server.execute(
        "CREATE DATABASE " + DATABASE,
        "CREATE TABLE recovery.accounts (id BIGINT NOT NULL PRIMARY KEY, a INT NOT NULL,"
            + " b VARCHAR(20) NOT NULL)");
    try (Connection connection = server.connect(DATABASE);
        Statement statement = connection.createStatement()) {
      statement.execute("SET sql_log_bin = 0");
      statement.execute("SET SESSION cte_max_recursion_depth = " + 2 * SEED_ROWS);
      long filled = Math.min(rows, SEED_ROWS);
      statement.execute(
          "INSERT INTO accounts WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n"
              + " WHERE i < "
              + filled
              + ") SELECT i, i % 1000, CONCAT('account ', i) FROM n");
      while (filled < rows) {
        filled +=
            statement.executeLargeUpdate(
                "INSERT INTO accounts SELECT id + "
                    + filled
                    + ", (id + "
                    + filled
                    + ") % 1000, CONCAT('account ', id + "
                    + filled
                    + ") FROM accounts WHERE id <= "
                    + Math.min(filled, rows - filled));
      }
    }
  }

  /** Starts to update random rows, in transactions of 50, until {@link #close}. */
  void startLoad(int updatesPerSecond) {
    load = new Thread(() -> update(updatesPerSecond), "load");
    load.setDaemon(true);
    load.start();
  }

  private void update(int updatesPerSecond) {
    SplittableRandom random = new SplittableRandom(1);
    long start = System.nanoTime();
    long done = 0;
    try (Connection connection = server.connect(DATABASE);
        PreparedStatement update =
            connection.prepareStatement("UPDATE accounts SET a = ?, b = ? WHERE id = ?")) {
      connection.setAutoCommit(false);
      while (!ended.get()) {
        for (int i = 0; i < ROWS_PER_TRANSACTION; i++) {
          update.setInt(1, random.nextInt(1_000_000));
          update.setString(2, Long.toHexString(random.nextLong()));
          update.setLong(3, 1 + random.nextLong(rows));
          update.addBatch();
        }
        update.executeBatch();
        connection.commit();
        done += ROWS_PER_TRANSACTION;
        LockSupport.parkNanos(start + done * 1_000_000_000L / updatesPerSecond - System.nanoTime());
      }
    } catch (SQLException e) {
      failure.set(e);
    }
  }

  /** Makes a change that can be recognised; returns its value of {@code a}. */
  int mark() {
    int mark = FIRST_MARK + ++marks;
    // Always the same row, so that the table has one such value at a time.
    server.execute("UPDATE recovery.accounts SET a = " + mark + " WHERE id = 1");
    return mark;
  }

  @Override
  public void close() throws SQLException, InterruptedException {
    ended.set(true);
    if (load != null) {
      load.join();
    }
    if (failure.get() != null) {
      throw failure.get();
    }
  }
}
