package io.firn.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.firn.it.check.SnapshotCheck;
import io.firn.it.spark.SparkReader;
import java.nio.file.Path;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.FileFormat;
import org.apache.iceberg.PartitionSpec;
import org.apache.iceberg.Schema;
import org.apache.iceberg.Table;
import org.apache.iceberg.data.GenericAppenderFactory;
import org.apache.iceberg.data.GenericRecord;
import org.apache.iceberg.data.Record;
import org.apache.iceberg.encryption.EncryptedFiles;
import org.apache.iceberg.encryption.EncryptionKeyMetadata;
import org.apache.iceberg.hadoop.HadoopTables;
import org.apache.iceberg.io.DataWriter;
import org.apache.iceberg.types.Types;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SparkReaderTest {
  private static final Schema SCHEMA =
      new Schema(
          Types.NestedField.required(1, "id", Types.LongType.get()),
          Types.NestedField.optional(2, "name", Types.StringType.get()),
          Types.NestedField.required(3, "_firn_op", Types.StringType.get()));

  @TempDir private Path directory;

  @Test
  void aChangeLogIsReplayed() throws Exception {
    Table table =
        new HadoopTables(new Configuration())
            .create(
                SCHEMA,
                PartitionSpec.unpartitioned(),
                Map.of("format-version", "3"),
                directory.resolve("table").toUri().toString());
    append(table, row(1, "a", "INSERT"), row(2, null, "INSERT"), row(2, null, "INSERT"));
    String before = read(table);
    append(table, row(1, "a", "UPDATE_BEFORE"), row(1, "b", "UPDATE_AFTER"));
    String changed = read(table);
    append(table, row(1, "b", "DELETE"), row(1, "a", "INSERT"));

    assertThat(before).startsWith("3:").isNotEqualTo(changed);
    assertThat(read(table)).isEqualTo(before);
  }

  private String read(Table table) throws Exception {
    return SparkReader.read(
            Map.of("t", SnapshotCheck.metadataLocation(table)), directory.resolve("spark"))
        .get("t");
  }

  private static Record row(long id, String name, String operation) {
    Record row = GenericRecord.create(SCHEMA);
    row.setField("id", id);
    row.setField("name", name);
    row.setField("_firn_op", operation);
    return row;
  }

  private static void append(Table table, Record... rows) throws Exception {
    DataWriter<Record> writer =
        new GenericAppenderFactory(SCHEMA)
            .newDataWriter(
                EncryptedFiles.encryptedOutput(
                    table
                        .io()
                        .newOutputFile(
                            table.location() + "/data/" + System.nanoTime() + ".parquet"),
                    EncryptionKeyMetadata.empty()),
                FileFormat.PARQUET,
                null);
    try (writer) {
      for (Record row : rows) {
        writer.write(row);
      }
    }
    DataFile file = writer.toDataFile();
    table.newAppend().appendFile(file).commit();
  }
}
