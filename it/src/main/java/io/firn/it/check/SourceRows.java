package io.firn.it.check;

import io.firn.it.engine.RowText;
import io.firn.testservers.DatabaseServer;
import io.firn.testservers.MySqlServer;
import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.Statement;
import java.sql.Types;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** The rows of a source table, as texts, read straight through JDBC. */
final class SourceRows {
  private final DatabaseServer server;
  private final String database;
  private final String table;

  SourceRows(DatabaseServer server, String database, String table) {
    this.server = server;
    this.database = database;
    this.table = table;
  }

  /** Takes rows one by one. */
  interface Visitor {
    void row(String key, String text);
  }

  /** Names of the columns, sorted. */
  List<String> columns() {
    return names(
        "SELECT COLUMN_NAME FROM information_schema.COLUMNS WHERE TABLE_SCHEMA = '%s' AND TABLE_NAME"
            + " = '%s' ORDER BY COLUMN_NAME");
  }

  /** Names of the key columns in key order; empty without a key. */
  List<String> key() {
    return names(
        "SELECT COLUMN_NAME FROM information_schema.KEY_COLUMN_USAGE WHERE TABLE_SCHEMA = '%s' AND"
            + " TABLE_NAME = '%s' AND CONSTRAINT_NAME = 'PRIMARY' ORDER BY ORDINAL_POSITION");
  }

  private List<String> names(String query) {
    try (Connection connection = server.connect(database);
        Statement statement = connection.createStatement();
        ResultSet result = statement.executeQuery(query.formatted(database, table))) {
      List<String> names = new ArrayList<>();
      while (result.next()) {
        names.add(result.getString(1));
      }
      return names;
    } catch (SQLException e) {
      throw new IllegalStateException("Cannot read the definition of " + table, e);
    }
  }

  /** Reads every row. */
  void forEach(Visitor visitor) {
    List<String> key = key();
    try (Connection connection = server.connect(database);
        Statement statement =
            connection.createStatement(ResultSet.TYPE_FORWARD_ONLY, ResultSet.CONCUR_READ_ONLY)) {
      // MySQL's driver's sign for one row at a time instead of the whole result on the heap.
      statement.setFetchSize(server instanceof MySqlServer ? Integer.MIN_VALUE : 1_000);
      try (ResultSet result = statement.executeQuery("SELECT * FROM " + table)) {
        ResultSetMetaData columns = result.getMetaData();
        Map<String, Integer> indexes = new TreeMap<>();
        for (int i = 1; i <= columns.getColumnCount(); i++) {
          indexes.put(columns.getColumnName(i), i);
        }
        RowText text = new RowText();
        while (result.next()) {
          for (Map.Entry<String, Integer> column : indexes.entrySet()) {
            text.add(column.getKey(), value(result, columns, column.getValue()));
          }
          String row = text.take();
          for (String column : key) {
            text.add(column, value(result, columns, indexes.get(column)));
          }
          visitor.row(text.take(), row);
        }
      }
    } catch (SQLException e) {
      throw new IllegalStateException("Cannot read table " + table, e);
    }
  }

  private static Object value(ResultSet result, ResultSetMetaData columns, int index)
      throws SQLException {
    if (result.getObject(index) == null) {
      return null;
    }
    String type = columns.getColumnTypeName(index);
    switch (type) {
      case "YEAR":
        return result.getInt(index);
      case "FLOAT":
        return result.getFloat(index);
      case "GEOMETRY", "POINT":
        // Well-known binary behind four bytes with the reference system.
        byte[] bytes = result.getBytes(index);
        return Arrays.copyOfRange(bytes, 4, bytes.length);
      default:
        break;
    }
    return switch (columns.getColumnType(index)) {
      case Types.TIMESTAMP ->
          type.equals("TIMESTAMP")
              ? result.getObject(index, OffsetDateTime.class)
              : result.getObject(index, LocalDateTime.class);
      case Types.DATE -> result.getObject(index, LocalDate.class);
      case Types.TIME -> result.getObject(index, LocalTime.class);
      case Types.DECIMAL -> result.getObject(index, BigDecimal.class);
      case Types.BINARY, Types.VARBINARY, Types.LONGVARBINARY -> result.getBytes(index);
      case Types.DOUBLE -> result.getDouble(index);
      case Types.TINYINT, Types.SMALLINT, Types.INTEGER -> result.getLong(index);
      case Types.BIGINT -> result.getObject(index).toString();
      case Types.CHAR, Types.VARCHAR, Types.LONGVARCHAR -> result.getString(index);
      // BIT and TINYINT(1): Boolean or bytes.
      case Types.BIT -> result.getObject(index);
      default -> throw new IllegalStateException("No reader for column type " + type);
    };
  }

  /** For messages. */
  @Override
  public String toString() {
    return database + "." + table + key().stream().collect(Collectors.joining(",", "(", ")"));
  }
}
