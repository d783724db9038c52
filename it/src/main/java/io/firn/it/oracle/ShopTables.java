package io.firn.it.oracle;

import io.firn.testservers.DatabaseServer;
import java.util.List;

/**
 * The source tables of the tests: {@code orders} (key of one column, a day to partition by), {@code
 * order_lines} (key of two columns) and {@code audit_log} (no key, with equal rows).
 */
public final class ShopTables {
  /** The tables' names. */
  public static final List<String> NAMES = List.of("orders", "order_lines", "audit_log");

  private ShopTables() {}

  /** Creates the database and its empty tables. */
  public static void create(DatabaseServer server, String database) {
    server.execute(
        "CREATE DATABASE " + database + " CHARACTER SET utf8mb4",
        "USE " + database,
        """
        CREATE TABLE orders (
          id BIGINT NOT NULL PRIMARY KEY,
          customer_id INT NOT NULL,
          status VARCHAR(16) NOT NULL,
          amount DECIMAL(12,2) NOT NULL,
          qty SMALLINT,
          note VARCHAR(120),
          created_at DATETIME(6) NOT NULL,
          updated_at TIMESTAMP(6) NOT NULL)""",
        """
        CREATE TABLE order_lines (
          order_id BIGINT NOT NULL,
          line_no INT NOT NULL,
          product VARCHAR(40) NOT NULL,
          quantity INT UNSIGNED NOT NULL,
          price DECIMAL(18,4),
          discount DOUBLE,
          PRIMARY KEY (order_id, line_no))""",
        """
        CREATE TABLE audit_log (
          event_no BIGINT NOT NULL,
          actor VARCHAR(40),
          at DATETIME(3) NOT NULL,
          day DATE NOT NULL,
          detail TEXT,
          payload VARBINARY(32),
          KEY (event_no))""");
  }
}
