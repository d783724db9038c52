package io.firn.it.oracle;

import io.firn.testservers.DatabaseServer;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.SplittableRandom;

/**
 * Fills and changes the {@link ShopTables} of one database, the same way from the same seed.
 *
 * <p><b>Threading</b>: one thread at a time; {@link #background} hands rows of its own to threads.
 */
public final class ShopWorkload {
  static final String INSERT_LINE =
      "INSERT INTO order_lines (order_id, line_no, product, quantity, price, discount)"
          + " VALUES (?, ?, ?, ?, ?, ?)";
  static final String INSERT_EVENT =
      "INSERT INTO audit_log (event_no, actor, at, day, detail, payload)"
          + " VALUES (?, ?, ?, ?, ?, ?)";

  private static final int BATCH = 1_000;
  private static final int ROWS_PER_COMMIT = 20_000;
  private static final long KEYS_PER_THREAD = 1_000_000_000_000L;

  private DatabaseServer server;
  private final String database;
  private final SplittableRandom random;
  private ChangeMix.Columns columns = new ChangeMix.Columns("note", false);
  private ChangeMix mix;
  private int backgrounds;

  /** A workload on an existing, empty database of {@link ShopTables}. */
  public ShopWorkload(DatabaseServer server, String database, long seed) {
    this.server = server;
    this.database = database;
    this.random = new SplittableRandom(seed);
    this.mix = new ChangeMix(random.split(), new LiveKeys(16), 1, columns);
  }

  /** From now on changes another server, which has the same rows. */
  public void moveTo(DatabaseServer other) {
    server = other;
  }

  static String insertOrder(ChangeMix.Columns columns) {
    return "INSERT INTO orders (id, customer_id, status, amount, qty, "
        + columns.note()
        + ", created_at, updated_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?)";
  }

  /** Inserts rows into empty tables: six tenths orders, three tenths lines, one tenth events. */
  public void fill(int rows) throws SQLException {
    int orders = rows * 6 / 10;
    int lines = rows * 3 / 10;
    int events = rows - orders - lines;
    LiveKeys keys = new LiveKeys(orders);
    RowMaker maker = new RowMaker(random.split());
    try (Connection connection = connect();
        PreparedStatement order = connection.prepareStatement(insertOrder(columns));
        PreparedStatement line = connection.prepareStatement(INSERT_LINE);
        PreparedStatement event = connection.prepareStatement(INSERT_EVENT)) {
      connection.setAutoCommit(false);
      for (int i = 1; i <= orders; i++) {
        maker.bindOrder(order, i);
        keys.add(i);
        addToBatch(connection, order, i == orders, i);
      }
      for (int i = 0; i < lines; i++) {
        maker.bindLine(line, 1 + i / 2, 1 + i % 2);
        addToBatch(connection, line, i == lines - 1, i + 1);
      }
      for (int i = 1; i <= events; i++) {
        maker.bindEvent(event, i);
        addToBatch(connection, event, i == events, i);
      }
      connection.commit();
    }
    mix = new ChangeMix(random.split(), keys, 1L + rows, columns);
  }

  private static void addToBatch(
      Connection connection, PreparedStatement statement, boolean last, int count)
      throws SQLException {
    statement.addBatch();
    if (count % BATCH == 0 || last) {
      statement.executeBatch();
    }
    if (count % ROWS_PER_COMMIT == 0 || last) {
      connection.commit();
    }
  }

  /** Makes at least this many row changes in many transactions; returns how many. */
  public int change(int changes) throws SQLException {
    int done = 0;
    try (Connection connection = connect()) {
      while (done < changes) {
        done += mix.step(connection);
      }
    }
    return done;
  }

  /** One transaction of this many row changes over several tables. */
  public int giantTransaction(int changes) throws SQLException {
    int inserts = changes / 2;
    long first = KEYS_PER_THREAD / 2;
    RowMaker maker = new RowMaker(random.split());
    try (Connection connection = connect();
        PreparedStatement order = connection.prepareStatement(insertOrder(columns));
        Statement statement = connection.createStatement()) {
      connection.setAutoCommit(false);
      for (int i = 1; i <= inserts; i++) {
        maker.bindOrder(order, first + i);
        order.addBatch();
        if (i % BATCH == 0 || i == inserts) {
          order.executeBatch();
        }
      }
      String range = " BETWEEN " + (first + 1) + " AND " + (first + inserts / 2);
      int done = inserts;
      done +=
          statement.executeUpdate(
              "UPDATE orders SET amount = amount * 2, status = 'giant' WHERE id" + range);
      done +=
          statement.executeUpdate(
              "INSERT INTO order_lines SELECT id, 1, 'giant', 1, 1, NULL FROM orders WHERE id"
                  + range);
      done += statement.executeUpdate("DELETE FROM orders WHERE id" + range + " AND id % 5 = 0");
      connection.commit();
      return done;
    }
  }

  /** {@code ALTER TABLE orders ADD COLUMN priority} with a default for all existing rows. */
  public void addColumn() {
    addColumn("INT NOT NULL DEFAULT 7");
  }

  /**
   * {@code ALTER TABLE orders ADD COLUMN priority}.
   *
   * @param definition an integer type and what follows it
   */
  public void addColumn(String definition) {
    server.execute("ALTER TABLE " + database + ".orders ADD COLUMN priority " + definition);
    columns = new ChangeMix.Columns(columns.note(), true);
    mix.use(columns);
  }

  /** {@code ALTER TABLE orders RENAME COLUMN note TO remark}. */
  public void renameColumn() {
    server.execute("ALTER TABLE " + database + ".orders RENAME COLUMN note TO remark");
    columns = new ChangeMix.Columns("remark", columns.priority());
    mix.use(columns);
  }

  /**
   * Starts threads that make changes until they are closed, on rows that are theirs.
   *
   * @param changesPerSecond of each thread, at most
   */
  public BackgroundLoad background(int threads, int changesPerSecond) {
    return start(new BackgroundLoad(this::connect), threads, changesPerSecond);
  }

  /** Like {@link #background} with one thread, which survives restarts of the server. */
  public BackgroundLoad enduring(int changesPerSecond) {
    return start(new BackgroundLoad(this::connect, true), 1, changesPerSecond);
  }

  private BackgroundLoad start(BackgroundLoad load, int threads, int changesPerSecond) {
    int share = mix.orders().size() / (threads + 1);
    for (int i = 0; i < threads; i++) {
      long firstKey = ++backgrounds * KEYS_PER_THREAD;
      load.start(
          new ChangeMix(random.split(), mix.orders().split(share), firstKey, columns),
          changesPerSecond);
    }
    return load;
  }

  private Connection connect() throws SQLException {
    Connection connection = server.connect(database);
    // Less locking; threads on different rows do not wait for each other's gaps.
    connection.setTransactionIsolation(Connection.TRANSACTION_READ_COMMITTED);
    return connection;
  }
}
