package io.firn.app.demo;

import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.LocalDateTime;
import java.time.temporal.ChronoUnit;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps changing the shop on a thread of its own: orders come, move on and are cancelled, customers
 * sign up and leave, prices change, products get new numbers (their key), and once a column is
 * added while all this goes on.
 *
 * <p><b>Threading</b>: the counters may be read from anywhere.
 */
final class ShopTraffic implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(ShopTraffic.class);
  private static final int TRANSACTIONS_PER_SECOND = 150;

  private final Connection connection;
  private final long alterAfterMillis;
  private final SplittableRandom random;
  private final AtomicLong transactions = new AtomicLong();
  private final AtomicLong rowsChanged = new AtomicLong();
  private final Thread thread;
  private volatile boolean stopped;
  private volatile boolean altered;
  private volatile boolean alteredNow;
  private volatile SQLException failure;
  private long maxOrder;
  private long maxCustomer;

  /**
   * @param alterAfterMillis when to add the column, unless an earlier run did
   */
  ShopTraffic(Connection connection, long seed, long alterAfterMillis) throws SQLException {
    this.connection = connection;
    this.alterAfterMillis = alterAfterMillis;
    this.random = new SplittableRandom(seed);
    this.altered =
        number(
                "SELECT COUNT(*) FROM information_schema.columns WHERE"
                    + " table_schema = 'shop' AND table_name = 'customers' AND column_name = 'points'")
            > 0;
    this.maxOrder = number("SELECT MAX(id) FROM orders");
    this.maxCustomer = number("SELECT MAX(id) FROM customers");
    this.thread = new Thread(this::run, "shop-traffic");
  }

  void start() {
    thread.start();
  }

  long transactions() {
    return transactions.get();
  }

  long rowsChanged() {
    return rowsChanged.get();
  }

  /** Whether the column was added in this run, and not in an earlier one. */
  boolean altered() {
    return alteredNow;
  }

  private void run() {
    long start = System.nanoTime();
    try {
      connection.setAutoCommit(false);
      while (!stopped) {
        long elapsedMillis = (System.nanoTime() - start) / 1_000_000;
        if (!altered && elapsedMillis >= alterAfterMillis) {
          alter();
        }
        long due = elapsedMillis * TRANSACTIONS_PER_SECOND / 1000;
        if (transactions.get() >= due) {
          Thread.sleep(5);
          continue;
        }
        int changed = transaction();
        connection.commit();
        transactions.incrementAndGet();
        rowsChanged.addAndGet(changed);
      }
    } catch (SQLException e) {
      failure = e;
      LOG.error("The shop's traffic stopped", e);
      closeQuietly();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** An open transaction would keep the pipeline's snapshot from locking the tables. */
  private void closeQuietly() {
    try {
      connection.close();
    } catch (SQLException e) {
      LOG.warn("The traffic's connection did not close", e);
    }
  }

  private void alter() throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(
          "ALTER TABLE customers ADD COLUMN points INT NOT NULL DEFAULT 10 AFTER tier");
    }
    altered = true;
    alteredNow = true;
  }

  private int transaction() throws SQLException {
    int kind = random.nextInt(100);
    if (kind < 35) {
      return newOrder();
    }
    if (kind < 60) {
      return update(
          "UPDATE orders SET status = ?, shipped_on = CURRENT_DATE WHERE id = ?",
          ShopFiller.pick(random, ShopWords.STATUSES),
          anyOrder());
    }
    if (kind < 72) {
      return altered
          ? update(
              "UPDATE customers SET points = points + ?, preferences = ? WHERE id = ?",
              random.nextInt(50),
              ShopFiller.preferences(random),
              anyCustomer())
          : update(
              "UPDATE customers SET balance = balance + ?, newsletter = 1 - newsletter WHERE id = ?",
              new BigDecimal("9.99"),
              anyCustomer());
    }
    if (kind < 80) {
      return update(
          "UPDATE products SET price = price * 1.01, stock = stock - 1 WHERE sku LIKE ?",
          String.format("SKU-%04d%%", random.nextInt(200)));
    }
    if (kind < 87) {
      long order = anyOrder();
      return update("DELETE FROM order_lines WHERE order_id = ?", order)
          + update("DELETE FROM orders WHERE id = ?", order);
    }
    if (kind < 92) {
      return newCustomer();
    }
    if (kind < 95) {
      return update("DELETE FROM customers WHERE id = ?", anyCustomer());
    }
    if (kind < 98) {
      // A change of the key: a row leaves its place and appears at another.
      return update(
          "UPDATE order_lines SET line_no = line_no + 100 WHERE order_id = ? AND line_no < 100",
          anyOrder());
    }
    String sku = ShopFiller.sku(1 + random.nextInt(ShopFiller.PRODUCTS));
    return update(
        "UPDATE products SET sku = CONCAT(SUBSTRING(sku, 1, 9), '-', ?) WHERE sku LIKE ?",
        random.nextInt(1_000_000),
        sku + "%");
  }

  private int newOrder() throws SQLException {
    int lines = 1 + random.nextInt(ShopFiller.MAX_LINES);
    try (PreparedStatement order =
            connection.prepareStatement(
                "INSERT INTO orders (customer_id, status, ordered_at, shipped_on, total, currency,"
                    + " note) VALUES (?, ?, ?, ?, ?, ?, ?)",
                Statement.RETURN_GENERATED_KEYS);
        PreparedStatement line =
            connection.prepareStatement(
                "INSERT INTO order_lines (order_id, line_no, sku, quantity, unit_price, gift)"
                    + " VALUES (?, ?, ?, ?, ?, ?)")) {
      ShopFiller.setOrder(
          order, random, (int) anyCustomer(), LocalDateTime.now().truncatedTo(ChronoUnit.MICROS));
      order.executeUpdate();
      try (ResultSet keys = order.getGeneratedKeys()) {
        keys.next();
        maxOrder = keys.getLong(1);
      }
      for (int n = 1; n <= lines; n++) {
        ShopFiller.setLine(line, random, maxOrder, n);
        line.addBatch();
      }
      line.executeBatch();
    }
    return 1 + lines;
  }

  private int newCustomer() throws SQLException {
    try (PreparedStatement insert =
        connection.prepareStatement(
            "INSERT INTO customers (email, name, country, tier, newsletter, born, balance,"
                + " preferences, created_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
            Statement.RETURN_GENERATED_KEYS)) {
      ShopFiller.setCustomer(
          insert, random, "c" + Long.toUnsignedString(random.nextLong(), 36) + "@example.com");
      int changed = insert.executeUpdate();
      try (ResultSet keys = insert.getGeneratedKeys()) {
        keys.next();
        maxCustomer = keys.getLong(1);
      }
      return changed;
    }
  }

  private int update(String sql, Object... values) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      for (int i = 0; i < values.length; i++) {
        statement.setObject(i + 1, values[i]);
      }
      return statement.executeUpdate();
    }
  }

  private long anyOrder() {
    return 1 + random.nextLong(maxOrder);
  }

  private long anyCustomer() {
    return 1 + random.nextLong(maxCustomer);
  }

  private long number(String sql) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet result = statement.executeQuery(sql)) {
      result.next();
      return result.getLong(1);
    }
  }

  /**
   * Finishes the transaction under way and stops.
   *
   * @throws SQLException if the traffic had ended early because of it
   */
  void stop() throws SQLException, InterruptedException {
    stopped = true;
    thread.join();
    if (failure != null) {
      throw failure;
    }
  }

  @Override
  public void close() throws SQLException {
    stopped = true;
    connection.close();
  }
}
