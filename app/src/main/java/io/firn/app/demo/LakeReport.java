package io.firn.app.demo;

import io.firn.app.terminal.Console;
import io.firn.app.terminal.Humane;
import io.firn.lake.LakeSinkOptions;
import io.firn.lake.read.LakeReader;
import io.firn.lake.read.LakeReader.FileInfo;
import io.firn.model.schema.TableId;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/** Says what is in the demo's lake, and how to query it. */
final class LakeReport {
  private static final String SPARK = "org.apache.iceberg:iceberg-spark-runtime-4.1_2.13:1.11.0";
  private static final String SQLITE = "org.xerial:sqlite-jdbc:3.51.1.0";
  private static final String QUERY = "SELECT status, count(*), sum(total) FROM %s GROUP BY status";

  private final Console console;
  private final LakeReader lake;
  private final Path directory;

  LakeReport(Console console, LakeReader lake, Path directory) {
    this.console = console;
    this.lake = lake;
    this.directory = directory;
  }

  /** Prints rows, snapshots and files of every table. */
  void printTables(String pipelineId) {
    console.print(
        String.format(
            Locale.ROOT,
            "  %-20s %10s %10s %11s %10s %10s %9s",
            "table",
            "rows",
            "snapshots",
            "data files",
            "size",
            "deletion",
            "deleted"));
    console.print(
        String.format(
            Locale.ROOT,
            "  %-20s %10s %10s %11s %10s %10s %9s",
            "",
            "",
            "",
            "",
            "",
            "vectors",
            "rows"));
    for (TableId table : lake.tables(pipelineId).stream().sorted().toList()) {
      List<FileInfo> files = lake.files(table);
      List<FileInfo> data = files.stream().filter(f -> f.content().equals("DATA")).toList();
      List<FileInfo> deletes = files.stream().filter(f -> !f.content().equals("DATA")).toList();
      long written = data.stream().mapToLong(FileInfo::records).sum();
      long deleted = deletes.stream().mapToLong(FileInfo::records).sum();
      console.print(
          String.format(
              Locale.ROOT,
              "  %-20s %10s %10s %11s %10s %10s %9s",
              table,
              Humane.count(written - deleted),
              Humane.count(lake.snapshots(table).size()),
              Humane.count(data.size()),
              Humane.bytes(data.stream().mapToLong(FileInfo::bytes).sum()),
              Humane.count(deletes.size()),
              Humane.count(deleted)));
    }
  }

  /** Prints commands for query engines, ready to be pasted. */
  void printQueries() {
    String name = LakeSinkOptions.DEFAULT_CATALOG_NAME;
    String root = directory.toString();
    console.print("");
    console.print("Query it with Spark 4.1 (Java 17):");
    console.print("");
    console.print(
        String.join(
            " \\\n    ",
            "  spark-sql --packages " + SPARK + "," + SQLITE,
            "--conf spark.sql.catalog." + name + "=org.apache.iceberg.spark.SparkCatalog",
            "--conf spark.sql.catalog." + name + ".type=jdbc",
            "--conf spark.sql.catalog." + name + ".uri=jdbc:sqlite:" + root + "/catalog.db",
            "--conf spark.sql.catalog." + name + ".warehouse=file://" + root + "/warehouse",
            "-e \"" + String.format(QUERY, name + ".shop.orders") + "\""));
    console.print("");
    console.print(
        "with Trino (etc/catalog/firn.properties; put the SQLite driver, "
            + SQLITE
            + ", into plugin/iceberg):");
    console.print("");
    console.print("  connector.name=iceberg");
    console.print("  iceberg.catalog.type=jdbc");
    console.print("  iceberg.jdbc-catalog.catalog-name=" + name);
    console.print("  iceberg.jdbc-catalog.driver-class=org.sqlite.JDBC");
    console.print("  iceberg.jdbc-catalog.connection-url=jdbc:sqlite:" + root + "/catalog.db");
    console.print("  iceberg.jdbc-catalog.default-warehouse-dir=file://" + root + "/warehouse");
    console.print("  fs.hadoop.enabled=true");
    console.print("");
    console.print("  trino --execute \"" + String.format(QUERY, "firn.shop.orders") + "\"");
    console.print("");
    console.print("with DuckDB 1.4 or newer (a snapshot, as of now):");
    console.print("");
    String metadata = lake.metadataLocation(new TableId("shop", "orders"));
    String scan = "iceberg_scan('" + metadata.replaceFirst("^file:/+", "/") + "')";
    console.print(
        "  duckdb -c \"INSTALL iceberg; LOAD iceberg; " + String.format(QUERY, scan) + "\"");
  }
}
