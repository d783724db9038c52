package io.firn.lake.write;

import java.io.IOException;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import org.apache.iceberg.MetricsConfig;
import org.apache.iceberg.PartitionSpec;
import org.apache.iceberg.Schema;
import org.apache.iceberg.StructLike;
import org.apache.iceberg.Table;
import org.apache.iceberg.TableProperties;
import org.apache.iceberg.data.parquet.InternalWriter;
import org.apache.iceberg.encryption.EncryptedOutputFile;
import org.apache.iceberg.io.DataWriter;
import org.apache.iceberg.parquet.Parquet;

/**
 * Opens Parquet files for rows in Iceberg's internal representation: values go into the columns as
 * they are, without generic records in between.
 *
 * <p>The table's {@code write.parquet.*} properties hold. Where it has none: zstd at level 1, which
 * costs about a tenth in size against level 3 and halves the time, and row groups of 32 MiB, which
 * bounds what an open file keeps in memory.
 */
public final class RowParquetWriters {
  private static final long DEFAULT_ROW_GROUP_BYTES = 32L << 20;

  private RowParquetWriters() {}

  /**
   * Opens a file. Nothing is on storage before the first row group is full or the file closed.
   *
   * @param table the table: its properties, its encryption
   * @param schema schema of the file
   * @param spec partition spec of the file
   * @param file where
   * @param partition the partition of all rows, or null if the spec has none
   */
  public static <R extends StructLike> DataWriter<R> open(
      Table table,
      Schema schema,
      PartitionSpec spec,
      EncryptedOutputFile file,
      StructLike partition)
      throws IOException {
    return Parquet.writeData(file)
        .schema(schema)
        .setAll(properties(table.properties()))
        .metricsConfig(MetricsConfig.forTable(table))
        .withSpec(spec)
        .withPartition(partition)
        .withKeyMetadata(file.keyMetadata())
        .createWriterFunc(type -> InternalWriter.create(schema.asStruct(), type))
        .build();
  }

  private static Map<String, String> properties(Map<String, String> ofTable) {
    Map<String, String> properties = new HashMap<>(ofTable);
    String codec =
        properties.computeIfAbsent(
            TableProperties.PARQUET_COMPRESSION,
            key -> TableProperties.PARQUET_COMPRESSION_DEFAULT_SINCE_1_4_0);
    if (codec.toLowerCase(Locale.ROOT).equals("zstd")) {
      properties.putIfAbsent(TableProperties.PARQUET_COMPRESSION_LEVEL, "1");
    }
    properties.putIfAbsent(
        TableProperties.PARQUET_ROW_GROUP_SIZE_BYTES, Long.toString(DEFAULT_ROW_GROUP_BYTES));
    return properties;
  }

  /** The size of row groups in a table's files. */
  static long rowGroupBytes(Table table) {
    return Long.parseLong(
        properties(table.properties()).get(TableProperties.PARQUET_ROW_GROUP_SIZE_BYTES));
  }
}
