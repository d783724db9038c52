package io.firn.app.demo;

import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.Date;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.LongConsumer;

/** Creates the shop's four tables and fills them; always with the same rows. */
final class ShopFiller {
  static final String DATABASE = "shop";
  static final int CUSTOMERS = 20_000;
  static final int PRODUCTS = 2_000;
  static final int ORDERS = 50_000;
  static final int MAX_LINES = 4;

  private static final int BATCH = 1_000;
  private static final LocalDate FIRST_DAY = LocalDate.of(2026, 1, 1);
  private static final int DAYS = 30;

  private static final List<String> TABLES =
      List.of(
          """
          CREATE TABLE customers (
            id INT UNSIGNED NOT NULL AUTO_INCREMENT PRIMARY KEY,
            email VARCHAR(190) NOT NULL UNIQUE,
            name VARCHAR(120) NOT NULL,
            country CHAR(2) NOT NULL,
            tier ENUM('basic', 'silver', 'gold') NOT NULL DEFAULT 'basic',
            newsletter TINYINT(1) NOT NULL DEFAULT 0,
            born DATE NULL,
            balance DECIMAL(12, 2) NOT NULL DEFAULT 0,
            preferences JSON NULL,
            created_at DATETIME(3) NOT NULL,
            updated_at TIMESTAMP(6) NOT NULL
              DEFAULT CURRENT_TIMESTAMP(6) ON UPDATE CURRENT_TIMESTAMP(6))
          """,
          """
          CREATE TABLE products (
            sku VARCHAR(32) NOT NULL PRIMARY KEY,
            name VARCHAR(120) NOT NULL,
            category ENUM('camping', 'climbing', 'clothing', 'kitchen') NOT NULL,
            labels SET('new', 'sale', 'eco') NOT NULL DEFAULT '',
            price DECIMAL(10, 2) NOT NULL,
            weight_kg DOUBLE NULL,
            stock INT NOT NULL DEFAULT 0,
            opens_at TIME NULL,
            attributes JSON NULL,
            picture_hash BINARY(16) NULL,
            discontinued TINYINT(1) NOT NULL DEFAULT 0,
            updated_at TIMESTAMP(6) NOT NULL
              DEFAULT CURRENT_TIMESTAMP(6) ON UPDATE CURRENT_TIMESTAMP(6))
          """,
          """
          CREATE TABLE orders (
            id BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY,
            customer_id INT UNSIGNED NOT NULL,
            status ENUM('new', 'paid', 'packed', 'shipped', 'delivered', 'returned') NOT NULL,
            ordered_at DATETIME(6) NOT NULL,
            shipped_on DATE NULL,
            total DECIMAL(14, 2) NOT NULL,
            currency CHAR(3) NOT NULL,
            note TEXT NULL,
            updated_at TIMESTAMP(6) NOT NULL
              DEFAULT CURRENT_TIMESTAMP(6) ON UPDATE CURRENT_TIMESTAMP(6))
          """,
          """
          CREATE TABLE order_lines (
            order_id BIGINT NOT NULL,
            line_no SMALLINT NOT NULL,
            sku VARCHAR(32) NOT NULL,
            quantity INT NOT NULL,
            unit_price DECIMAL(10, 2) NOT NULL,
            gift TINYINT(1) NOT NULL DEFAULT 0,
            PRIMARY KEY (order_id, line_no))
          """);

  private final Connection connection;
  private final LongConsumer rowsWritten;
  private final SplittableRandom random = new SplittableRandom(20260101);
  private long rows;

  /**
   * @param rowsWritten told now and then how many rows were written so far
   */
  ShopFiller(Connection connection, LongConsumer rowsWritten) {
    this.connection = connection;
    this.rowsWritten = rowsWritten;
  }

  /** Drops what is there, then creates and fills everything. */
  void fill() throws SQLException {
    connection.setAutoCommit(true);
    try (Statement statement = connection.createStatement()) {
      for (String table : List.of("customers", "products", "orders", "order_lines")) {
        statement.execute("DROP TABLE IF EXISTS " + table);
      }
      for (String table : TABLES) {
        statement.execute(table);
      }
    }
    connection.setAutoCommit(false);
    customers();
    products();
    ordersWithLines();
    connection.commit();
    connection.setAutoCommit(true);
    rowsWritten.accept(rows);
  }

  private void customers() throws SQLException {
    try (PreparedStatement insert =
        connection.prepareStatement(
            "INSERT INTO customers (email, name, country, tier, newsletter, born, balance,"
                + " preferences, created_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)")) {
      for (int i = 1; i <= CUSTOMERS; i++) {
        setCustomer(insert, random, "customer" + i + "@example.org");
        add(insert, i == CUSTOMERS);
      }
    }
  }

  static void setCustomer(PreparedStatement insert, SplittableRandom random, String email)
      throws SQLException {
    insert.setString(1, email);
    insert.setString(
        2, pick(random, ShopWords.GIVEN_NAMES) + " " + pick(random, ShopWords.FAMILY_NAMES));
    insert.setString(3, pick(random, ShopWords.COUNTRIES));
    insert.setString(4, pick(random, ShopWords.TIERS));
    insert.setInt(5, random.nextInt(2));
    insert.setDate(
        6,
        random.nextInt(10) == 0
            ? null
            : Date.valueOf(LocalDate.of(1930, 1, 1).plusDays(random.nextInt(29_000))));
    insert.setBigDecimal(7, money(random, 100_000).subtract(new BigDecimal("200.00")));
    insert.setString(8, random.nextInt(4) == 0 ? null : preferences(random));
    insert.setObject(
        9,
        FIRST_DAY.atStartOfDay().plusSeconds(random.nextInt(DAYS * 86_400)).plusNanos(123_000_000));
  }

  private void products() throws SQLException {
    try (PreparedStatement insert =
        connection.prepareStatement(
            "INSERT INTO products (sku, name, category, labels, price, weight_kg, stock, opens_at,"
                + " attributes, picture_hash, discontinued)"
                + " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)")) {
      for (int i = 1; i <= PRODUCTS; i++) {
        insert.setString(1, sku(i));
        insert.setString(
            2, pick(random, ShopWords.ADJECTIVES) + " " + pick(random, ShopWords.THINGS));
        insert.setString(3, pick(random, ShopWords.CATEGORIES));
        insert.setString(4, pick(random, List.of("", "new", "new,sale", "eco", "new,sale,eco")));
        insert.setBigDecimal(5, money(random, 50_000));
        insert.setObject(6, random.nextInt(8) == 0 ? null : random.nextInt(1, 9_000) / 256.0);
        insert.setInt(7, random.nextInt(500));
        insert.setString(
            8, random.nextInt(3) == 0 ? null : "08:" + (10 + random.nextInt(50)) + ":00");
        insert.setString(9, "{\"colour\": \"grün\", \"sizes\": [" + random.nextInt(9) + ", 40.5]}");
        byte[] hash = new byte[16];
        for (int b = 0; b < hash.length; b++) {
          hash[b] = (byte) random.nextInt(256);
        }
        // Trailing zeros: the server cuts them off in the binlog.
        hash[15] = (byte) (i % 5 == 0 ? 0 : hash[15]);
        insert.setBytes(10, i % 7 == 0 ? null : hash);
        insert.setInt(11, random.nextInt(20) == 0 ? 1 : 0);
        add(insert, i == PRODUCTS);
      }
    }
  }

  private void ordersWithLines() throws SQLException {
    try (PreparedStatement order =
            connection.prepareStatement(
                "INSERT INTO orders (customer_id, status, ordered_at, shipped_on, total, currency,"
                    + " note) VALUES (?, ?, ?, ?, ?, ?, ?)");
        PreparedStatement line =
            connection.prepareStatement(
                "INSERT INTO order_lines (order_id, line_no, sku, quantity, unit_price, gift)"
                    + " VALUES (?, ?, ?, ?, ?, ?)")) {
      for (int i = 1; i <= ORDERS; i++) {
        LocalDateTime at =
            FIRST_DAY
                .atStartOfDay()
                .plusSeconds(random.nextInt(DAYS * 86_400))
                .plusNanos(random.nextInt(1_000_000) * 1_000L);
        setOrder(order, random, 1 + random.nextInt(CUSTOMERS), at);
        add(order, i == ORDERS);
      }
      for (int i = 1; i <= ORDERS; i++) {
        int lines = 1 + random.nextInt(MAX_LINES);
        for (int n = 1; n <= lines; n++) {
          setLine(line, random, i, n);
          add(line, i == ORDERS && n == lines);
        }
      }
    }
  }

  static void setOrder(
      PreparedStatement insert, SplittableRandom random, int customer, LocalDateTime at)
      throws SQLException {
    insert.setInt(1, customer);
    insert.setString(2, pick(random, ShopWords.STATUSES));
    insert.setObject(3, at);
    insert.setDate(4, random.nextInt(3) == 0 ? null : Date.valueOf(at.toLocalDate().plusDays(2)));
    insert.setBigDecimal(5, money(random, 1_000_000));
    insert.setString(6, pick(random, ShopWords.CURRENCIES));
    insert.setString(7, random.nextInt(3) == 0 ? pick(random, ShopWords.NOTES) : null);
  }

  static void setLine(PreparedStatement insert, SplittableRandom random, long order, int number)
      throws SQLException {
    insert.setLong(1, order);
    insert.setInt(2, number);
    insert.setString(3, sku(1 + random.nextInt(PRODUCTS)));
    insert.setInt(4, 1 + random.nextInt(5));
    insert.setBigDecimal(5, money(random, 50_000));
    insert.setInt(6, random.nextInt(10) == 0 ? 1 : 0);
  }

  private void add(PreparedStatement insert, boolean last) throws SQLException {
    insert.addBatch();
    rows++;
    if (rows % BATCH == 0 || last) {
      insert.executeBatch();
      connection.commit();
      rowsWritten.accept(rows);
    }
  }

  static String sku(int number) {
    return String.format("SKU-%05d", number);
  }

  static String preferences(SplittableRandom random) {
    return "{\"language\": \""
        + pick(random, List.of("de", "ja", "uk"))
        + "\", \"topics\": [\"snow\", \"größe\"], \"visits\": "
        + random.nextInt(1_000)
        + "}";
  }

  static BigDecimal money(SplittableRandom random, int maxCents) {
    return BigDecimal.valueOf(random.nextInt(1, maxCents), 2);
  }

  static <T> T pick(SplittableRandom random, List<T> from) {
    return from.get(random.nextInt(from.size()));
  }
}
