package io.firn.it.oracle;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.stream.Collectors;

/**
 * Changes of every kind, one transaction at a time. The sequence depends on the seed and on nothing
 * else; two instances never touch the same rows.
 *
 * <p><b>Threading</b>: one thread at a time.
 */
public final class ChangeMix {
  private final SplittableRandom random;
  private final RowMaker rows;
  private final LiveKeys orders;
  private final long firstEvent;
  private Columns columns;
  private long nextOrder;
  private long nextEvent;

  /**
   * Names of the columns that schema changes touch.
   *
   * @param note the name of the column that begins as {@code note}
   * @param priority whether {@code orders} has the column {@code priority}
   */
  record Columns(String note, boolean priority) {}

  ChangeMix(SplittableRandom random, LiveKeys orders, long firstNewKey, Columns columns) {
    this.random = random;
    this.rows = new RowMaker(random);
    this.orders = orders;
    this.nextOrder = firstNewKey;
    this.nextEvent = firstNewKey;
    this.firstEvent = firstNewKey;
    this.columns = columns;
  }

  /** Goes on with other columns, after a schema change. */
  void use(Columns newColumns) {
    columns = newColumns;
  }

  LiveKeys orders() {
    return orders;
  }

  /**
   * Makes the next change.
   *
   * @param connection whose autocommit mode is left as it is found
   * @return number of row changes that were committed
   */
  public int step(Connection connection) throws SQLException {
    int dice = random.nextInt(100);
    if (dice < 4) {
      return singles(connection);
    }
    connection.setAutoCommit(false);
    try {
      int changed = transaction(connection, dice);
      if (changed < 0) {
        connection.rollback();
        return 0;
      }
      connection.commit();
      return changed;
    } finally {
      connection.rollback();
      connection.setAutoCommit(true);
    }
  }

  private int transaction(Connection connection, int dice) throws SQLException {
    if (dice < 28) {
      return insertOrders(connection, 20) + insertEvents(connection, 3);
    }
    if (dice < 54) {
      return updateOrders(connection, orders.some(random, 30));
    }
    if (dice < 64) {
      return moveOrders(connection, orders.some(random, 10));
    }
    if (dice < 73) {
      return deleteOrders(connection, orders.take(random, 10)) + insertEvents(connection, 1);
    }
    if (dice < 80) {
      return changeKeys(connection, orders.take(random, 5));
    }
    if (dice < 87) {
      return updateLines(connection, orders.some(random, 20));
    }
    if (dice < 93) {
      return insertEvents(connection, 8) + changeEvents(connection);
    }
    if (dice < 97) {
      return deleteAndInsertAgain(connection, orders.some(random, 4));
    }
    insertOrders(connection, 5, false);
    updateOrders(connection, orders.some(random, 5));
    return -1;
  }

  /** Statements of one row each, outside any transaction. */
  private int singles(Connection connection) throws SQLException {
    int changed = 0;
    for (long id : orders.some(random, 4)) {
      changed += updateOrders(connection, id);
    }
    changed += insertEvents(connection, 1);
    for (long id : orders.take(random, 2)) {
      changed += execute(connection, "DELETE FROM order_lines WHERE order_id = " + id);
      changed += execute(connection, "DELETE FROM orders WHERE id = " + id);
    }
    return changed;
  }

  private int insertOrders(Connection connection, int count) throws SQLException {
    return insertOrders(connection, count, true);
  }

  private int insertOrders(Connection connection, int count, boolean kept) throws SQLException {
    try (PreparedStatement order = connection.prepareStatement(ShopWorkload.insertOrder(columns));
        PreparedStatement line = connection.prepareStatement(ShopWorkload.INSERT_LINE)) {
      int lines = 0;
      for (int i = 0; i < count; i++) {
        long id = nextOrder++;
        rows.bindOrder(order, id);
        order.addBatch();
        for (int number = 1 + random.nextInt(2); number > 0; number--) {
          rows.bindLine(line, id, number);
          line.addBatch();
          lines++;
        }
        if (kept) {
          orders.add(id);
        }
      }
      order.executeBatch();
      line.executeBatch();
      return count + lines;
    }
  }

  private int insertEvents(Connection connection, int count) throws SQLException {
    try (PreparedStatement event = connection.prepareStatement(ShopWorkload.INSERT_EVENT)) {
      for (int i = 0; i < count; i++) {
        rows.bindEvent(event, nextEvent++);
        event.addBatch();
        if (random.nextInt(4) == 0) {
          // The same row again: only a multiset tells the difference.
          event.addBatch();
        }
      }
      return Arrays.stream(event.executeBatch()).map(n -> n < 0 ? 1 : n).sum();
    }
  }

  private int changeEvents(Connection connection) throws SQLException {
    long event = random.nextLong(firstEvent, nextEvent);
    return execute(
            connection,
            "UPDATE audit_log SET detail = 'edited', actor = NULL WHERE event_no = " + event)
        + execute(connection, "DELETE FROM audit_log WHERE event_no = " + (event + 1) + " LIMIT 1")
        + execute(
            connection,
            "DELETE FROM audit_log WHERE event_no BETWEEN " + (event + 2) + " AND " + (event + 3));
  }

  private int updateOrders(Connection connection, long... ids) throws SQLException {
    if (ids.length == 0) {
      return 0;
    }
    String priority = columns.priority() ? ", priority = " + random.nextInt(10) : "";
    try (PreparedStatement update =
        connection.prepareStatement(
            "UPDATE orders SET status = ?, amount = amount + 0.01, qty = ?, "
                + columns.note()
                + " = ?"
                + priority
                + " WHERE id IN ("
                + list(ids)
                + ")")) {
      update.setString(1, rows.status());
      update.setObject(2, random.nextInt(5) == 0 ? null : random.nextInt(1_000));
      update.setString(3, rows.note());
      return update.executeUpdate();
    }
  }

  private int moveOrders(Connection connection, long... ids) throws SQLException {
    if (ids.length == 0) {
      return 0;
    }
    return execute(
        connection,
        "UPDATE orders SET created_at = TIMESTAMPADD(DAY, "
            + (random.nextBoolean() ? 1 : -1) * random.nextInt(1, 3)
            + ", created_at) WHERE id IN ("
            + list(ids)
            + ")");
  }

  private int deleteOrders(Connection connection, long... ids) throws SQLException {
    if (ids.length == 0) {
      return 0;
    }
    return execute(connection, "DELETE FROM order_lines WHERE order_id IN (" + list(ids) + ")")
        + execute(connection, "DELETE FROM orders WHERE id IN (" + list(ids) + ")");
  }

  private int changeKeys(Connection connection, long... ids) throws SQLException {
    int changed = 0;
    for (long id : ids) {
      long newId = nextOrder++;
      changed += execute(connection, "UPDATE orders SET id = " + newId + " WHERE id = " + id);
      changed +=
          execute(
              connection,
              "UPDATE order_lines SET order_id = "
                  + newId
                  + ", line_no = line_no + 10 WHERE order_id = "
                  + id);
      orders.add(newId);
    }
    return changed;
  }

  private int updateLines(Connection connection, long... ids) throws SQLException {
    if (ids.length == 0) {
      return 0;
    }
    return execute(
        connection,
        "UPDATE order_lines SET price = price + 0.0001, discount = "
            + (random.nextInt(4) == 0 ? "NULL" : random.nextInt(100) / 4.0)
            + " WHERE order_id IN ("
            + list(ids)
            + ")");
  }

  private int deleteAndInsertAgain(Connection connection, long... ids) throws SQLException {
    if (ids.length == 0) {
      return 0;
    }
    int changed = execute(connection, "DELETE FROM orders WHERE id IN (" + list(ids) + ")");
    try (PreparedStatement order = connection.prepareStatement(ShopWorkload.insertOrder(columns))) {
      for (long id : ids) {
        rows.bindOrder(order, id);
        order.addBatch();
      }
      order.executeBatch();
    }
    return changed + ids.length + updateOrders(connection, ids);
  }

  private static int execute(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      return statement.executeUpdate(sql);
    }
  }

  private static String list(long... ids) {
    return Arrays.stream(ids).mapToObj(Long::toString).collect(Collectors.joining(","));
  }
}
