package io.firn.it;

import io.firn.it.process.Pipeline;
import java.io.Closeable;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.apache.iceberg.Table;
import org.apache.iceberg.catalog.Catalog;
import org.apache.iceberg.catalog.Namespace;
import org.apache.iceberg.catalog.TableIdentifier;
import org.apache.iceberg.data.IcebergGenerics;
import org.apache.iceberg.data.Record;
import org.apache.iceberg.io.CloseableIterable;

/** Reads the tables of tests that have tables of their own. */
final class TableReader {
  private TableReader() {}

  /** The rows of one table, each as what the function makes of it. */
  static <T> List<T> rows(Pipeline pipeline, String table, Function<Record, T> row)
      throws IOException {
    Catalog catalog = pipeline.openCatalog();
    try {
      return rows(catalog.loadTable(TableIdentifier.of(pipeline.database(), table)), row);
    } finally {
      ((Closeable) catalog).close();
    }
  }

  static <T> List<T> rows(Table table, Function<Record, T> row) throws IOException {
    List<T> rows = new ArrayList<>();
    try (CloseableIterable<Record> records = IcebergGenerics.read(table).build()) {
      records.forEach(record -> rows.add(row.apply(record)));
    }
    return rows;
  }

  /** All tables of the pipeline's database. */
  static List<Table> tables(Pipeline pipeline) throws IOException {
    Catalog catalog = pipeline.openCatalog();
    try {
      return catalog.listTables(Namespace.of(pipeline.database())).stream()
          .map(catalog::loadTable)
          .toList();
    } finally {
      ((Closeable) catalog).close();
    }
  }
}
