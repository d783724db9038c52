package io.firn.it.spark;

import java.util.Arrays;
import java.util.Iterator;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/**
 * Prints {@code name rows:hash} for tables, as Spark reads them. Arguments: {@code
 * name=location-of-table-metadata} each. A change log (a table with {@code _firn_op}) is replayed.
 */
public final class SparkDump {
  private static final String OPERATION = "_firn_op";

  private SparkDump() {}

  /** Reads every table and prints one line for each, starting with {@code TABLE}. */
  public static void main(String[] arguments) throws java.io.IOException {
    try (SparkSession spark =
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
            .config("spark.sql.datetime.java8API.enabled", "true")
            .getOrCreate()) {
      for (String argument : arguments) {
        int equals = argument.indexOf('=');
        String name = argument.substring(0, equals);
        Dataset<Row> rows = spark.read().format("iceberg").load(argument.substring(equals + 1));
        System.out.println("TABLE " + name + " " + hash(rows));
      }
    }
  }

  private static ContentHash hash(Dataset<Row> dataset) {
    String[] columns = dataset.columns();
    Arrays.sort(columns);
    ContentHash hash = new ContentHash();
    RowText text = new RowText();
    Iterator<Row> rows = dataset.toLocalIterator();
    while (rows.hasNext()) {
      Row row = rows.next();
      int sign = 1;
      for (String column : columns) {
        Object value = row.getAs(column);
        if (column.equals(OPERATION)) {
          sign = value.equals("DELETE") || value.equals("UPDATE_BEFORE") ? -1 : 1;
        } else if (!column.startsWith("_firn_")) {
          text.add(column, value);
        }
      }
      hash.add(text.take(), sign);
    }
    return hash;
  }
}
