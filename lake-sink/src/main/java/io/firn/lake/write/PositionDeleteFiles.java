package io.firn.lake.write;

import java.io.IOException;
import java.util.SortedMap;
import java.util.function.LongConsumer;
import org.apache.iceberg.DeleteFile;
import org.apache.iceberg.MetricsConfig;
import org.apache.iceberg.PartitionSpec;
import org.apache.iceberg.Schema;
import org.apache.iceberg.StructLike;
import org.apache.iceberg.Table;
import org.apache.iceberg.data.parquet.InternalReader;
import org.apache.iceberg.deletes.PositionDelete;
import org.apache.iceberg.deletes.PositionDeleteWriter;
import org.apache.iceberg.io.CloseableIterable;
import org.apache.iceberg.io.DeleteSchemaUtil;
import org.apache.iceberg.parquet.Parquet;

/** Position delete files of format version 2: writes and reads them. */
public final class PositionDeleteFiles {
  private PositionDeleteFiles() {}

  /** Deleted positions of one data file, ascending. */
  @FunctionalInterface
  public interface Positions {
    /** Hands each of them over. */
    void forEach(LongConsumer consumer);
  }

  /** Hears of each deleted row of a file. */
  @FunctionalInterface
  public interface Visitor<E extends Exception> {
    /** A row of a data file is deleted. */
    void visit(String dataFile, long position) throws E;
  }

  /**
   * Writes one file, sorted by location and position as the specification asks.
   *
   * @param positions by location of the data file
   */
  public static DeleteFile write(
      Table table,
      String location,
      PartitionSpec spec,
      StructLike partition,
      SortedMap<String, ? extends Positions> positions)
      throws IOException {
    PositionDeleteWriter<Void> writer =
        Parquet.writeDeletes(table.io().newOutputFile(location))
            .setAll(table.properties())
            .metricsConfig(MetricsConfig.forPositionDelete(table))
            .overwrite()
            .withSpec(spec)
            .withPartition(spec.isUnpartitioned() ? null : partition)
            .buildPositionWriter();
    PositionDelete<Void> delete = PositionDelete.create();
    try (writer) {
      positions.forEach(
          (dataFile, ofFile) ->
              ofFile.forEach(position -> writer.write(delete.set(dataFile, position, null))));
    }
    return writer.toDeleteFile();
  }

  /** Reads one file in its order. */
  public static <E extends Exception> void read(Table table, DeleteFile file, Visitor<E> visitor)
      throws IOException, E {
    Schema schema = DeleteSchemaUtil.pathPosSchema();
    try (CloseableIterable<StructLike> rows =
        Parquet.read(table.io().newInputFile(file))
            .project(schema)
            .createReaderFunc(fileSchema -> InternalReader.create(schema, fileSchema))
            .reuseContainers()
            .build()) {
      for (StructLike row : rows) {
        visitor.visit(row.get(0, Object.class).toString(), row.get(1, Long.class));
      }
    }
  }
}
