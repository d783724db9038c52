package io.firn.it.spark;

import io.firn.it.engine.RowCollector;
import io.firn.it.engine.TableReader;
import io.firn.it.engine.TableRequest;
import java.util.Iterator;
import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/** Reads tables with Spark: out of a REST catalog, or by the location of their metadata. */
public final class SparkDump implements TableReader {
  private final SparkSession spark;

  private SparkDump() {
    SparkSession.Builder builder =
        SparkSession.builder()
            .master("local[1]")
            .appName("firn-it")
            .config("spark.ui.enabled", "false")
            // Tables are read by the location of their metadata; without a catalog of its own the
            // source would look for a Hive metastore.
            .config("spark.sql.catalog.default_iceberg", "org.apache.iceberg.spark.SparkCatalog")
            .config("spark.sql.catalog.default_iceberg.type", "hadoop")
            .config(
                "spark.sql.catalog.default_iceberg.warehouse", System.getProperty("java.io.tmpdir"))
            .config("spark.driver.host", "127.0.0.1")
            .config("spark.driver.bindAddress", "127.0.0.1")
            .config("spark.sql.session.timeZone", "UTC")
            .config("spark.sql.datetime.java8API.enabled", "true");
    String catalog = System.getProperty(CATALOG);
    if (catalog != null) {
      builder
          .config("spark.sql.catalog.lake", "org.apache.iceberg.spark.SparkCatalog")
          .config("spark.sql.catalog.lake.type", "rest")
          .config("spark.sql.catalog.lake.uri", catalog);
    }
    spark = builder.getOrCreate();
  }

  /** Arguments as {@link TableReader#readAll} takes them. */
  public static void main(String[] arguments) throws Exception {
    try (SparkDump reader = new SparkDump()) {
      TableReader.readAll(reader, List.of(arguments));
    }
  }

  @Override
  public void read(TableRequest table, RowCollector rows) {
    Dataset<Row> dataset;
    if (table.location().contains("/")) {
      dataset = spark.read().format("iceberg").load(table.location());
    } else {
      String version = table.snapshotId() == 0 ? "" : " VERSION AS OF " + table.snapshotId();
      dataset = spark.sql("SELECT * FROM lake." + table.quoted("`") + version);
    }
    rows.columns(dataset.columns());
    Iterator<Row> iterator = dataset.toLocalIterator();
    while (iterator.hasNext()) {
      rows.row(iterator.next()::get);
    }
  }

  @Override
  public void close() throws java.io.IOException {
    spark.close();
  }
}
