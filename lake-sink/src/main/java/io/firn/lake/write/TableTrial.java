package io.firn.lake.write;

import io.firn.lake.LakeSinkOptions;
import io.firn.lake.catalog.Secrets;
import io.firn.lake.catalog.TableDefaults;
import io.firn.lake.layout.InitialSchema;
import io.firn.lake.table.TableLayout;
import io.firn.lake.table.WriteMode;
import io.firn.model.row.Row;
import io.firn.model.schema.Column;
import io.firn.model.schema.TableId;
import io.firn.model.schema.TableSchema;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.apache.iceberg.Table;
import org.apache.iceberg.TableProperties;
import org.apache.iceberg.TableUtil;
import org.apache.iceberg.catalog.Namespace;
import org.apache.iceberg.catalog.TableIdentifier;
import org.apache.iceberg.encryption.EncryptedFiles;
import org.apache.iceberg.inmemory.InMemoryCatalog;
import org.apache.iceberg.inmemory.InMemoryOutputFile;
import org.apache.iceberg.io.DataWriter;
import org.apache.iceberg.types.Types;

/**
 * Tries the table properties of a configuration on a table in memory, so that what Iceberg or
 * Parquet cannot make sense of is known before anything is touched. What names a column is left
 * out: it depends on the table.
 */
public final class TableTrial {
  private static final TableSchema SCHEMA =
      new TableSchema(
          new TableId("trial", "trial"),
          List.of(
              Column.of("id", Types.LongType.get(), false),
              Column.of("text", Types.StringType.get(), true)),
          List.of("id"));

  private TableTrial() {}

  /**
   * The properties that cannot be used, each with the reason; empty if tables can be created and
   * written with them.
   *
   * @param tables whose properties to try, besides those of all tables
   */
  public static List<String> problems(LakeSinkOptions options, Collection<TableId> tables) {
    Set<Map<String, String>> different = new LinkedHashSet<>();
    different.add(options.tableProperties());
    tables.forEach(table -> different.add(options.tableProperties(table)));
    Set<String> problems = new LinkedHashSet<>();
    for (Map<String, String> properties : different) {
      if (failure(properties).isPresent()) {
        problems.addAll(culprits(properties));
      }
    }
    return List.copyOf(problems);
  }

  /** Adds one after the other: some have a meaning together only, such as a codec and its level. */
  private static List<String> culprits(Map<String, String> properties) {
    Secrets secrets = Secrets.in(properties);
    List<String> problems = new ArrayList<>();
    Map<String, String> usable = new HashMap<>();
    new TreeMap<>(properties)
        .forEach(
            (name, value) -> {
              usable.put(name, value);
              Optional<Throwable> failure = failure(usable);
              if (failure.isPresent()) {
                usable.remove(name);
                problems.add(
                    "The table property '"
                        + secrets.value(name)
                        + "' cannot be '"
                        + secrets.value(value)
                        + "': "
                        + secrets.explain(failure.get())
                        + "; correct it in table.properties or table-options.");
              }
            });
    return problems;
  }

  private static Optional<Throwable> failure(Map<String, String> userProperties) {
    Map<String, String> properties = TableDefaults.with(userProperties);
    properties
        .keySet()
        .removeIf(k -> k.startsWith(TableProperties.METRICS_MODE_COLUMN_CONF_PREFIX));
    try (InMemoryCatalog catalog = new InMemoryCatalog()) {
      catalog.initialize("trial", Map.of());
      catalog.createNamespace(Namespace.of("trial"));
      TableIdentifier name = TableIdentifier.of("trial", "trial");
      Table table =
          catalog
              .buildTable(name, InitialSchema.of(SCHEMA, WriteMode.UPSERT))
              .withProperties(properties)
              .create();
      try {
        write(table);
      } finally {
        catalog.dropTable(name, true);
      }
      return Optional.empty();
    } catch (IOException | RuntimeException | LinkageError e) {
      return Optional.of(e);
    }
  }

  private static void write(Table table) throws IOException {
    int columns = SCHEMA.columns().size();
    TableLayout layout =
        new TableLayout(
            SCHEMA,
            table.schema(),
            columns,
            table.spec(),
            WriteMode.UPSERT,
            TableUtil.formatVersion(table));
    table.locationProvider().newDataLocation("trial.parquet");
    TableFiles.targetBytes(table);
    try (DataWriter<RowView> writer =
        RowParquetWriters.open(
            table,
            layout.schema(),
            layout.spec(),
            EncryptedFiles.plainAsEncryptedOutput(new InMemoryOutputFile()),
            null)) {
      writer.write(new RowView().show(Row.of(1L, "x"), RowMapping.of(SCHEMA, layout)));
    }
  }
}
