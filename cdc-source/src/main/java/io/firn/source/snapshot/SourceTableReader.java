package io.firn.source.snapshot;

import io.firn.model.error.RetryableException;
import io.firn.model.error.UnsupportedChangeException;
import io.firn.model.row.Row;
import io.firn.model.schema.Column;
import io.firn.model.schema.TableId;
import io.firn.model.schema.TableSchema;
import io.firn.source.MySqlSourceOptions;
import io.firn.source.connect.Connector;
import io.firn.source.connect.Names;
import io.firn.source.connect.ServerStatus;
import io.firn.source.ddl.TableCatalog;
import io.firn.source.decode.ValueException;
import io.firn.source.table.TableDefinition;
import io.firn.source.type.ColumnTypes;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import java.util.StringJoiner;
import java.util.function.Consumer;

/**
 * Reads a table as it is right now, with exactly the values that capturing it gives; for comparing
 * source and lake.
 *
 * <p><b>Threading</b>: one thread.
 */
public final class SourceTableReader implements AutoCloseable {
  private static final int KEYS_PER_QUERY = 500;

  private final MySqlSourceOptions options;
  private final Connection connection;
  private final TableDefinition definition;
  private final RowReader reader;

  private SourceTableReader(
      MySqlSourceOptions options, Connection connection, TableDefinition definition) {
    this.options = options;
    this.connection = connection;
    this.definition = definition;
    this.reader = new RowReader(options.flavour(), definition);
  }

  /**
   * Connects and reads the table's definition.
   *
   * @throws RetryableException if the server cannot be asked, or if there is no such table
   */
  public static SourceTableReader open(MySqlSourceOptions options, TableId table) {
    Connection connection = new Connector(options).open();
    try (Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery("SHOW CREATE TABLE " + Names.quote(table))) {
      rows.next();
      TableCatalog catalog =
          new TableCatalog(
              options.flavour(),
              new ColumnTypes(options.types()),
              table::equals,
              new ServerStatus(connection, options.flavour()).lowerCaseNames(),
              options.serverTimeZone(),
              Map.of());
      TableDefinition definition = catalog.define(table, rows.getString(2));
      return new SourceTableReader(options, connection, definition);
    } catch (SQLException | RuntimeException e) {
      try {
        connection.close();
      } catch (SQLException suppressed) {
        e.addSuppressed(suppressed);
      }
      if (e instanceof SQLException sql) {
        throw failure(table, sql);
      }
      throw (RuntimeException) e;
    }
  }

  /** The table's layout. */
  public TableSchema schema() {
    return definition.schema();
  }

  /** Passes every row to {@code consumer}, ordered by the primary key if there is one. */
  public void forEach(Consumer<Row> consumer) {
    query(select() + order(), consumer);
  }

  /**
   * Passes the rows that have one of these keys to {@code consumer}, in no particular order.
   *
   * @param keys per key, its values in key order, in Iceberg's internal representation; the table
   *     must have a primary key
   */
  public void forEach(List<Object[]> keys, Consumer<Row> consumer) {
    if (!definition.schema().hasPrimaryKey()) {
      throw new IllegalArgumentException("Table " + definition.table() + " has no primary key");
    }
    for (int from = 0; from < keys.size(); from += KEYS_PER_QUERY) {
      List<Object[]> some = keys.subList(from, Math.min(keys.size(), from + KEYS_PER_QUERY));
      query(select() + " WHERE " + keyCondition(some), consumer);
    }
  }

  private String select() {
    return "SELECT " + reader.columns() + " FROM " + Names.quote(definition.table());
  }

  private String order() {
    if (!definition.schema().hasPrimaryKey()) {
      return "";
    }
    StringJoiner names = new StringJoiner(", ", " ORDER BY ", "");
    definition.schema().primaryKey().forEach(name -> names.add(Names.quote(name)));
    return names.toString();
  }

  private String keyCondition(List<Object[]> keys) {
    StringJoiner columns = new StringJoiner(", ", "(", ")");
    definition.schema().primaryKey().forEach(name -> columns.add(Names.quote(name)));
    StringJoiner list = new StringJoiner(", ", columns + " IN (", ")");
    int[] indexes = definition.schema().keyIndexes();
    for (Object[] key : keys) {
      StringJoiner values = new StringJoiner(", ", "(", ")");
      for (int i = 0; i < indexes.length; i++) {
        Column column = definition.schema().columns().get(indexes[i]);
        values.add(SqlLiterals.of(key[i], definition.types().get(indexes[i]), column.name()));
      }
      list.add(values.toString());
    }
    return list.toString();
  }

  private void query(String query, Consumer<Row> consumer) {
    try (StreamingQuery result = new StreamingQuery(connection, options.flavour(), query)) {
      ResultSet rows = result.rows();
      while (rows.next()) {
        consumer.accept(reader.read(rows));
      }
    } catch (SQLException e) {
      throw failure(definition.table(), e);
    } catch (ValueException e) {
      throw new UnsupportedChangeException(
          "Reading table " + definition.table() + " failed: " + e.getMessage() + ".", e);
    }
  }

  private static RetryableException failure(TableId table, SQLException e) {
    return new RetryableException(
        "Reading table "
            + table
            + " failed: "
            + e.getMessage()
            + "; check that it exists and that the user may read it.",
        e);
  }

  @Override
  public void close() {
    try {
      connection.close();
    } catch (SQLException e) {
      // Nothing was written over it, so nothing can be lost.
      throw failure(definition.table(), e);
    }
  }
}
