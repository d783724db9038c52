package io.firn.it.trino;

import io.firn.it.engine.RowCollector;
import io.firn.it.engine.TableReader;
import io.firn.it.engine.TableRequest;
import java.io.File;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.List;
import java.util.Properties;

/** Reads tables of a REST catalog with a Trino server of its own. */
public final class TrinoDump implements TableReader {
  /** System property: the beginning of a command that runs Java 25, a word a line. */
  private static final String SERVER_JAVA = "firn.it.java25";

  private final TrinoServer server;
  private final Connection connection;

  private TrinoDump() throws Exception {
    List<Path> jars =
        Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
            .filter(entry -> entry.endsWith(".jar"))
            .map(Path::of)
            .toList();
    server =
        TrinoServer.start(
            List.of(System.getProperty(SERVER_JAVA).split("\n")),
            jars,
            System.getProperty(CATALOG),
            Path.of(System.getProperty("java.io.tmpdir"), "trino"));
    Properties properties = new Properties();
    properties.setProperty("user", "firn");
    properties.setProperty("timezone", "UTC");
    connection = DriverManager.getConnection(server.jdbcUrl(), properties);
  }

  /** Arguments as {@link TableReader#readAll} takes them. */
  public static void main(String[] arguments) throws Exception {
    try (TrinoDump reader = new TrinoDump()) {
      TableReader.readAll(reader, List.of(arguments));
    }
  }

  @Override
  public void read(TableRequest table, RowCollector rows) throws SQLException {
    String version = table.snapshotId() == 0 ? "" : " FOR VERSION AS OF " + table.snapshotId();
    try (Statement statement = connection.createStatement();
        ResultSet result =
            statement.executeQuery("SELECT * FROM lake." + table.quoted("\"") + version)) {
      ResultSetMetaData columns = result.getMetaData();
      String[] names = new String[columns.getColumnCount()];
      Arrays.setAll(names, i -> name(columns, i + 1));
      rows.columns(names);
      while (result.next()) {
        Object[] values = new Object[names.length];
        for (int i = 0; i < names.length; i++) {
          values[i] = value(result, columns.getColumnTypeName(i + 1), i + 1);
        }
        rows.row(i -> values[i]);
      }
    }
  }

  private static String name(ResultSetMetaData columns, int index) {
    try {
      return columns.getColumnName(index);
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  private static Object value(ResultSet result, String type, int index) throws SQLException {
    if (result.getObject(index) == null) {
      return null;
    }
    if (type.endsWith("with time zone")) {
      String text = result.getString(index);
      return dateTime(text.substring(0, text.lastIndexOf(' '))).toInstant(ZoneOffset.UTC);
    }
    if (type.startsWith("timestamp")) {
      return dateTime(result.getString(index));
    }
    if (type.startsWith("time")) {
      return LocalTime.parse(result.getString(index));
    }
    if (type.equals("date")) {
      return LocalDate.parse(result.getString(index));
    }
    return result.getObject(index);
  }

  private static LocalDateTime dateTime(String text) {
    return LocalDateTime.parse(text.replace(' ', 'T'));
  }

  @Override
  public void close() throws SQLException {
    connection.close();
    server.close();
  }
}
