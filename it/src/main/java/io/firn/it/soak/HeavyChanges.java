package io.firn.it.soak;

import io.firn.testservers.DatabaseServer;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.Semaphore;

/**
 * The changes that ordinary load does not contain: the same few rows again and again, large
 * transactions, columns that come and go. A statement that fails because the server is away is left
 * out.
 *
 * <p><b>Threading</b>: a thread of its own from {@link #start} on; the others may pause it.
 */
final class HeavyChanges implements AutoCloseable {
  private static final int HOT_ROWS = 3;
  private static final int HOT_UPDATES = 20;
  private static final int COLUMNS_KEPT = 3;
  private static final long FIRST_SENTINEL = 9_000_000_000_000_000L;

  /** Line numbers of large transactions: far from those of others, also after key changes. */
  private static final int LINES_APART = 100_000;

  private final DatabaseServer server;
  private final String database;
  private final int largeRows;
  private final int secondsPerRound;
  private final SplittableRandom random;
  private final Semaphore turn = new Semaphore(1, true);
  private final Thread thread = new Thread(this::run, "heavy-changes");
  private final List<String> columns = new ArrayList<>();
  private volatile boolean ended;
  private int columnNumber;
  private int transactions;
  private int alterations;
  private int failures;

  /**
   * @param largeRows row changes of a large transaction, roughly
   * @param secondsPerRound how often there is a large transaction or an altered table
   */
  HeavyChanges(
      DatabaseServer server,
      String database,
      int largeRows,
      int secondsPerRound,
      SplittableRandom random) {
    this.server = server;
    this.database = database;
    this.largeRows = largeRows;
    this.secondsPerRound = secondsPerRound;
    this.random = random;
    thread.setDaemon(true);
  }

  void start() {
    thread.start();
  }

  private void run() {
    try {
      for (int second = 1; !ended; second++) {
        Thread.sleep(1_000);
        turn.acquire();
        try {
          change(second);
        } catch (SQLException e) {
          failures++;
        } finally {
          turn.release();
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void change(int second) throws SQLException {
    try (Connection connection = server.connect(database);
        Statement statement = connection.createStatement()) {
      statement.execute("SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED");
      updateHotRows(statement);
      if (second % secondsPerRound == secondsPerRound / 3) {
        changeManyRows(connection, statement);
      }
      if (second % secondsPerRound == secondsPerRound * 2 / 3) {
        alter(statement);
      }
    }
  }

  private void updateHotRows(Statement statement) throws SQLException {
    List<Long> ids = new ArrayList<>();
    try (ResultSet rows =
        statement.executeQuery("SELECT id FROM orders ORDER BY id LIMIT " + HOT_ROWS)) {
      while (rows.next()) {
        ids.add(rows.getLong(1));
      }
    }
    for (int i = 0; i < HOT_UPDATES && !ids.isEmpty(); i++) {
      String column = columns.isEmpty() ? "" : ", " + columns.get(columns.size() - 1) + " = " + i;
      statement.executeUpdate(
          "UPDATE orders SET amount = amount + 1, note = 'hot "
              + random.nextInt(1_000_000)
              + "'"
              + column
              + " WHERE id = "
              + ids.get(i % ids.size()));
    }
  }

  private void changeManyRows(Connection connection, Statement statement) throws SQLException {
    int each = largeRows / 3;
    connection.setAutoCommit(false);
    statement.executeUpdate("DELETE FROM order_lines WHERE line_no >= " + LINES_APART);
    statement.executeUpdate(
        "INSERT INTO order_lines (order_id, line_no, product, quantity, price, discount) SELECT id, "
            + (transactions + 1) * LINES_APART
            + ", 'large', 1, 1, NULL FROM orders ORDER BY id LIMIT "
            + each);
    statement.executeUpdate("UPDATE orders SET amount = amount + 1 ORDER BY id LIMIT " + each);
    connection.commit();
    connection.setAutoCommit(true);
    transactions++;
  }

  private void alter(Statement statement) throws SQLException {
    if (columns.size() == COLUMNS_KEPT) {
      statement.execute("ALTER TABLE orders DROP COLUMN " + columns.get(0));
      columns.remove(0);
    } else {
      String column = "extra_" + ++columnNumber;
      String definition = columnNumber % 2 == 0 ? " INT NOT NULL DEFAULT 7" : " INT";
      statement.execute("ALTER TABLE orders ADD COLUMN " + column + definition);
      columns.add(column);
    }
    alterations++;
  }

  /** Waits for what is under way and lets nothing begin. */
  void pause() throws InterruptedException {
    turn.acquire();
  }

  /** Ends {@link #pause()}. */
  void resume() {
    turn.release();
  }

  /** Inserts one row into every table, in one transaction; returns its number. */
  static long insertSentinel(DatabaseServer server, String database, int number) {
    long id = FIRST_SENTINEL + number;
    server.execute(
        "USE " + database,
        "START TRANSACTION",
        "INSERT INTO orders (id, customer_id, status, amount, created_at, updated_at) VALUES ("
            + id
            + ", 1, 'sentinel', 1, '2025-03-01', '2025-03-01')",
        "INSERT INTO order_lines (order_id, line_no, product, quantity) VALUES ("
            + id
            + ", 1, 'sentinel', 1)",
        "INSERT INTO audit_log (event_no, at, day) VALUES (" + id + ", '2025-03-01', '2025-03-01')",
        "COMMIT");
    return id;
  }

  /** What it did. */
  String summary() {
    return transactions
        + " large transactions, "
        + alterations
        + " altered tables, "
        + failures
        + " rounds left out";
  }

  /** Whether there was a large transaction and an altered table. */
  boolean didEverything() {
    return transactions > 0 && alterations > 0;
  }

  @Override
  public void close() throws InterruptedException {
    ended = true;
    thread.interrupt();
    thread.join();
  }
}
