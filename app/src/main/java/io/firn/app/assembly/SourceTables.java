package io.firn.app.assembly;

import io.firn.model.schema.TableId;
import io.firn.model.schema.TableSchema;
import io.firn.source.MySqlSourceOptions;
import io.firn.source.connect.Connector;
import io.firn.source.connect.TableDiscovery;
import io.firn.source.snapshot.SourceTableReader;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;

/** Looks at the tables that a source has right now. */
final class SourceTables {
  private SourceTables() {}

  /**
   * Names of all tables, with the layout of those that are captured; the others come without
   * columns, for suggestions only.
   *
   * @throws io.firn.model.error.FirnException if the server cannot be asked
   */
  static Map<TableId, TableSchema> load(MySqlSourceOptions options, Predicate<TableId> captured) {
    Map<TableId, TableSchema> schemas = new TreeMap<>();
    for (TableId table : names(options)) {
      if (captured.test(table)) {
        try (SourceTableReader reader = SourceTableReader.open(options, table)) {
          schemas.put(table, reader.schema());
        }
      } else {
        schemas.put(table, new TableSchema(table, List.of(), List.of()));
      }
    }
    return schemas;
  }

  private static List<TableId> names(MySqlSourceOptions options) {
    try (Connection connection = new Connector(options).open()) {
      return TableDiscovery.list(connection).stream().map(TableDiscovery.Found::id).toList();
    } catch (SQLException e) {
      throw new io.firn.model.error.RetryableException(
          "Listing the tables of "
              + options.address()
              + " failed: "
              + e.getMessage()
              + "; check that the server is up and what the user may see.",
          e);
    }
  }
}
