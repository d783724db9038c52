package io.firn.source.connect;

import io.firn.model.error.ConfigurationException;
import io.firn.model.stream.GtidSet;
import io.firn.model.stream.SourcePosition;
import io.firn.source.Flavour;
import io.firn.source.Texts;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Asks a server about its binlog and its settings. */
public final class ServerStatus {
  private static final int SYNTAX_ERROR = 1064;

  private final Connection connection;
  private final Flavour flavour;

  /** Asks over a connection, which stays the caller's. */
  public ServerStatus(Connection connection, Flavour flavour) {
    this.connection = connection;
    this.flavour = flavour;
  }

  /**
   * The end of the binlog: the place that the next transaction will have.
   *
   * @throws ConfigurationException if the server writes no binlog
   */
  public SourcePosition end() throws SQLException {
    try {
      return end(flavour == Flavour.MYSQL ? "SHOW BINARY LOG STATUS" : "SHOW MASTER STATUS");
    } catch (SQLException e) {
      if (e.getErrorCode() != SYNTAX_ERROR) {
        throw e;
      }
      // MySQL before 8.2, MariaDB since it follows MySQL's words.
      return end(flavour == Flavour.MYSQL ? "SHOW MASTER STATUS" : "SHOW BINLOG STATUS");
    }
  }

  private SourcePosition end(String query) throws SQLException {
    String file;
    long offset;
    String gtids = null;
    try (Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(query)) {
      if (!rows.next()) {
        throw new ConfigurationException(
            "Reading the end of the binlog failed: the server writes none; start it with"
                + " 'log_bin'.");
      }
      file = rows.getString(1);
      offset = rows.getLong(2);
      if (flavour == Flavour.MYSQL && rows.getMetaData().getColumnCount() > 4) {
        gtids = rows.getString(5);
      }
    }
    if (flavour == Flavour.MARIADB) {
      gtids = variable("gtid_binlog_pos");
    }
    requirePlainGtids(gtids);
    return SourcePosition.binlog(file, offset, 0, normalGtids(gtids)).onServer(identity().text());
  }

  /** Which server it is. */
  public ServerIdentity identity() throws SQLException {
    Map<String, String> values = variables(List.of("server_uuid", "server_id", "hostname", "port"));
    long number = Long.parseLong(values.getOrDefault("server_id", "0"));
    String uuid = values.get("server_uuid");
    if (uuid != null && !uuid.isEmpty()) {
      return new ServerIdentity(uuid, number);
    }
    // MariaDB has no such name for a server.
    String name = number + "@" + values.get("hostname") + "." + values.get("port");
    return new ServerIdentity(name.replace(';', '_'), number);
  }

  /**
   * Checks that the server's GTIDs are of the kind that can be followed.
   *
   * @throws ConfigurationException if some are tagged
   */
  public void requirePlainGtids() throws SQLException {
    if (flavour == Flavour.MYSQL) {
      requirePlainGtids(variable("gtid_executed"));
    }
  }

  private static void requirePlainGtids(String gtids) {
    if (GtidSet.parse(gtids).hasTags()) {
      throw new ConfigurationException(
          "Reading the server's GTIDs failed: some have tags ('"
              + Texts.quote(normalGtids(gtids))
              + "'), which are not supported; do not set 'gtid_next' to 'AUTOMATIC:<tag>' on servers"
              + " that are captured.");
    }
  }

  /** A GTID set without white space; null for none. */
  public static String normalGtids(String gtids) {
    if (gtids == null) {
      return null;
    }
    String compact = gtids.replaceAll("\\s", "");
    return compact.isEmpty() ? null : compact;
  }

  /** A global variable, or null if the server does not have it. */
  public String variable(String name) throws SQLException {
    return variables(List.of(name)).get(name);
  }

  /** Global variables by name; those that the server does not have are left out. */
  public Map<String, String> variables(List<String> names) throws SQLException {
    Map<String, String> values = new LinkedHashMap<>();
    String list = String.join("', '", names);
    try (Statement statement = connection.createStatement();
        ResultSet rows =
            statement.executeQuery(
                "SHOW GLOBAL VARIABLES WHERE Variable_name IN ('" + list + "')")) {
      while (rows.next()) {
        values.put(rows.getString(1).toLowerCase(java.util.Locale.ROOT), rows.getString(2));
      }
    }
    return values;
  }

  /** The names of the binlog files that the server still has, oldest first. */
  public List<String> binlogFiles() throws SQLException {
    List<String> files = new ArrayList<>();
    try (Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery("SHOW BINARY LOGS")) {
      while (rows.next()) {
        files.add(rows.getString(1));
      }
    }
    return files;
  }

  /** Whether the server keeps table names in lower case. */
  public boolean lowerCaseNames() throws SQLException {
    return !"0".equals(variable("lower_case_table_names"));
  }

  /** By database, its default character set; under the empty name the server's. */
  public Map<String, String> databaseCharsets() throws SQLException {
    Map<String, String> charsets = new LinkedHashMap<>();
    charsets.put("", variable("character_set_server"));
    try (Statement statement = connection.createStatement();
        ResultSet rows =
            statement.executeQuery(
                "SELECT SCHEMA_NAME, DEFAULT_CHARACTER_SET_NAME FROM information_schema.SCHEMATA")) {
      while (rows.next()) {
        charsets.put(rows.getString(1), rows.getString(2));
      }
    }
    return charsets;
  }

  /** The single value of a query. */
  public String value(String query) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(query)) {
      return rows.next() ? rows.getString(1) : null;
    }
  }
}
