package io.firn.bench;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.SplittableRandom;

/**
 * The workload that every end-to-end figure refers to: one {@code orders} table of about 110 bytes
 * a row in the binlog, filled in bulk, then changed in transactions of 100 rows (60 % inserts, 30 %
 * updates, 10 % deletes of random existing keys).
 */
final class OrdersWorkload {
  static final String DATABASE = "bench";
  static final String TABLE = "orders";
  private static final int ROWS_PER_STATEMENT = 1000;
  private static final int ROWS_PER_TRANSACTION = 100;
  private static final long FIRST_SECOND = 1_767_225_600L;

  private final String jdbcUrl;
  private final String user;
  private final String password;

  OrdersWorkload(String jdbcUrl, String user, String password) {
    this.jdbcUrl = jdbcUrl;
    this.user = user;
    this.password = password;
  }

  private Connection connect() throws SQLException {
    return DriverManager.getConnection(jdbcUrl, user, password);
  }

  /** Creates the table anew and fills it with keys 1 to {@code rows}. */
  void fill(long rows) throws SQLException {
    try (Connection connection = connect();
        Statement statement = connection.createStatement()) {
      statement.execute("CREATE DATABASE IF NOT EXISTS " + DATABASE);
      statement.execute("DROP TABLE IF EXISTS " + DATABASE + "." + TABLE);
      statement.execute(
          "CREATE TABLE bench.orders (id BIGINT NOT NULL PRIMARY KEY, customer_id BIGINT NOT NULL,"
              + " status VARCHAR(16) NOT NULL, amount DECIMAL(12,2) NOT NULL, qty INT NOT NULL,"
              + " note VARCHAR(80), created_at DATETIME(6) NOT NULL, updated_at TIMESTAMP(6) NOT"
              + " NULL)");
      connection.setAutoCommit(false);
      SplittableRandom random = new SplittableRandom(1);
      for (long id = 1; id <= rows; ) {
        StringBuilder sql = new StringBuilder("INSERT INTO bench.orders VALUES ");
        for (int i = 0; i < ROWS_PER_STATEMENT && id <= rows; i++, id++) {
          appendRow(sql, i > 0, id, random);
        }
        statement.execute(sql.toString());
        if (id % 100_000 < ROWS_PER_STATEMENT) {
          connection.commit();
        }
      }
      connection.commit();
    }
  }

  /**
   * Appends {@code changes} changes to the binlog.
   *
   * @param shape whether the rows of a transaction come as three multi-row statements or one by one
   * @return the number of row changes really made (an update or delete of a key that is gone is
   *     none)
   */
  long change(long firstNewId, long changes, long seed, Shape shape) throws SQLException {
    long made = 0;
    long nextId = firstNewId;
    SplittableRandom random = new SplittableRandom(seed);
    try (Connection connection = connect();
        Statement statement = connection.createStatement()) {
      connection.setAutoCommit(false);
      int inserts = ROWS_PER_TRANSACTION * 60 / 100;
      int updates = ROWS_PER_TRANSACTION * 30 / 100;
      int deletes = ROWS_PER_TRANSACTION - inserts - updates;
      for (long done = 0; done < changes; done += ROWS_PER_TRANSACTION) {
        int perStatement = shape == Shape.BATCH ? Integer.MAX_VALUE : 1;
        for (int i = 0; i < inserts; ) {
          StringBuilder sql = new StringBuilder("INSERT INTO bench.orders VALUES ");
          for (int k = 0; k < perStatement && i < inserts; k++, i++) {
            appendRow(sql, k > 0, nextId++, random);
          }
          made += statement.executeUpdate(sql.toString());
        }
        for (int i = 0; i < updates; ) {
          StringBuilder sql =
              new StringBuilder(
                  "UPDATE bench.orders SET qty = qty + 1, status = 'SHIPPED', updated_at ="
                      + " '2026-06-01 12:00:00.123456' WHERE id IN (");
          for (int k = 0; k < perStatement && i < updates; k++, i++) {
            sql.append(k > 0 ? "," : "").append(1 + random.nextLong(nextId - 1));
          }
          made += statement.executeUpdate(sql.append(')').toString());
        }
        for (int i = 0; i < deletes; ) {
          StringBuilder sql = new StringBuilder("DELETE FROM bench.orders WHERE id IN (");
          for (int k = 0; k < perStatement && i < deletes; k++, i++) {
            sql.append(k > 0 ? "," : "").append(1 + random.nextLong(nextId - 1));
          }
          made += statement.executeUpdate(sql.append(')').toString());
        }
        connection.commit();
      }
    }
    return made;
  }

  /**
   * Commits one transaction of the same mix in multi-row statements.
   *
   * @return the next new key
   */
  long transaction(Connection connection, long firstNewId, SplittableRandom random)
      throws SQLException {
    long nextId = firstNewId;
    StringBuilder inserts = new StringBuilder("INSERT INTO bench.orders VALUES ");
    StringBuilder updates =
        new StringBuilder(
            "UPDATE bench.orders SET qty = qty + 1, status = 'SHIPPED' WHERE id IN (");
    StringBuilder deletes = new StringBuilder("DELETE FROM bench.orders WHERE id IN (");
    for (int i = 0; i < ROWS_PER_TRANSACTION; i++) {
      if (i < ROWS_PER_TRANSACTION * 60 / 100) {
        appendRow(inserts, i > 0, nextId++, random);
      } else {
        StringBuilder keys = i < ROWS_PER_TRANSACTION * 90 / 100 ? updates : deletes;
        keys.append(keys.charAt(keys.length() - 1) == '(' ? "" : ",");
        keys.append(1 + random.nextLong(nextId - 1));
      }
    }
    try (Statement statement = connection.createStatement()) {
      statement.execute(inserts.toString());
      statement.execute(updates.append(')').toString());
      statement.execute(deletes.append(')').toString());
    }
    connection.commit();
    return nextId;
  }

  /** How many rows the table has now. */
  long count() throws SQLException {
    try (Connection connection = connect();
        Statement statement = connection.createStatement();
        ResultSet result = statement.executeQuery("SELECT COUNT(*) FROM bench.orders")) {
      result.next();
      return result.getLong(1);
    }
  }

  private static void appendRow(
      StringBuilder sql, boolean comma, long id, SplittableRandom random) {
    long micros = random.nextLong(180L * 86_400 * 1_000_000);
    String time =
        java.time.LocalDateTime.ofEpochSecond(
                FIRST_SECOND + micros / 1_000_000,
                (int) (micros % 1_000_000) * 1000,
                java.time.ZoneOffset.UTC)
            .toString()
            .replace('T', ' ');
    sql.append(comma ? ",(" : "(")
        .append(id)
        .append(',')
        .append(1 + random.nextInt(100_000))
        .append(",'")
        .append(STATUSES[random.nextInt(STATUSES.length)])
        .append("',")
        .append(random.nextInt(1_000_000))
        .append('.')
        .append(10 + random.nextInt(90))
        .append(',')
        .append(1 + random.nextInt(20))
        .append(",'note ")
        .append(Long.toHexString(random.nextLong() | 1L << 60))
        .append(" of order ")
        .append(id)
        .append("','")
        .append(time)
        .append("','")
        .append(time)
        .append("')");
  }

  private static final String[] STATUSES = {"NEW", "PAID", "PACKED", "DELIVERED", "RETURNED"};

  /** How rows share binlog events. */
  enum Shape {
    /** Multi-row statements: a few events per transaction. */
    BATCH,
    /** One statement and one event per row. */
    SINGLE
  }
}
