package io.firn.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.PartitionSpec;
import org.apache.iceberg.Table;
import org.apache.iceberg.data.GenericAppenderFactory;
import org.apache.iceberg.data.IcebergGenerics;
import org.apache.iceberg.data.Record;
import org.apache.iceberg.encryption.EncryptedFiles;
import org.apache.iceberg.hadoop.HadoopTables;
import org.apache.iceberg.io.CloseableIterable;
import org.apache.iceberg.io.DataWriter;

/**
 * Copies the live rows of a table into a new table of one large file without deletes: what the
 * table would be right after a full compaction. Arguments: location of the table, location of the
 * copy.
 */
public final class CompactedCopy {
  private CompactedCopy() {}

  /** See the class. */
  public static void main(String[] args) {
    HadoopTables tables = new HadoopTables(new Configuration());
    Table source = tables.load(args[0]);
    Table copy =
        tables.create(
            source.schema(),
            PartitionSpec.unpartitioned(),
            Map.of(
                "format-version",
                "3",
                "write.parquet.compression-codec",
                source.properties().getOrDefault("write.parquet.compression-codec", "zstd"),
                "write.parquet.compression-level",
                source.properties().getOrDefault("write.parquet.compression-level", "1")),
            args[1]);
    DataWriter<Record> writer =
        new GenericAppenderFactory(
                copy, copy.schema(), copy.spec(), copy.properties(), null, null, null)
            .newDataWriter(
                EncryptedFiles.plainAsEncryptedOutput(
                    copy.io().newOutputFile(copy.locationProvider().newDataLocation("0.parquet"))),
                org.apache.iceberg.FileFormat.PARQUET,
                null);
    try (CloseableIterable<Record> rows = IcebergGenerics.read(source).build();
        writer) {
      for (Record row : rows) {
        writer.write(row);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    DataFile file = writer.toDataFile();
    copy.newAppend().appendFile(file).commit();
    System.out.println("result rows=" + file.recordCount());
  }
}
