package io.firn.source.connect;

import io.firn.model.schema.TableId;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Lists the tables that exist on a server and that the user may see. */
public final class TableDiscovery {
  private static final String TABLES =
      "SELECT TABLE_SCHEMA, TABLE_NAME, ENGINE FROM information_schema.TABLES"
          + " WHERE TABLE_TYPE = 'BASE TABLE' AND TABLE_SCHEMA NOT IN"
          + " ('mysql', 'information_schema', 'performance_schema', 'sys')"
          + " ORDER BY TABLE_SCHEMA, TABLE_NAME";

  private TableDiscovery() {}

  /**
   * A table on the server.
   *
   * @param id its name
   * @param engine its storage engine
   */
  public record Found(TableId id, String engine) {
    /** Whether a consistent read inside a transaction sees the table as of the transaction. */
    public boolean transactional() {
      String name = engine == null ? "" : engine.toLowerCase(Locale.ROOT);
      return name.equals("innodb") || name.equals("rocksdb");
    }
  }

  /** All tables outside the system databases, ordered by name. */
  public static List<Found> list(Connection connection) throws SQLException {
    List<Found> found = new ArrayList<>();
    try (Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(TABLES)) {
      while (rows.next()) {
        found.add(new Found(new TableId(rows.getString(1), rows.getString(2)), rows.getString(3)));
      }
    }
    return found;
  }

  /** The tables that a pipeline captures, ordered by name. */
  public static List<TableId> captured(Connection connection, TablePatterns patterns)
      throws SQLException {
    return list(connection).stream().map(Found::id).filter(patterns).toList();
  }
}
