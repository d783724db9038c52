package io.firn.lake.compact;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.TreeMap;
import org.apache.iceberg.DeleteFile;
import org.apache.iceberg.FileScanTask;
import org.apache.iceberg.MetadataColumns;
import org.apache.iceberg.Schema;
import org.apache.iceberg.StructLike;
import org.apache.iceberg.Table;
import org.apache.iceberg.data.BaseDeleteLoader;
import org.apache.iceberg.data.parquet.InternalReader;
import org.apache.iceberg.deletes.PositionDeleteIndex;
import org.apache.iceberg.io.CloseableIterable;
import org.apache.iceberg.parquet.Parquet;
import org.apache.iceberg.util.PartitionUtil;

/**
 * Row id and sequence number of the last update of every live row, by the first column.
 *
 * @param rowId the row's id
 * @param updated the sequence number of its last update
 */
record RowLineage(Long rowId, Long updated) {

  static Map<Object, RowLineage> read(Table table) {
    Map<Object, RowLineage> lineage = new TreeMap<>();
    Schema schema =
        new Schema(
            table.schema().columns().get(0),
            MetadataColumns.ROW_ID,
            MetadataColumns.LAST_UPDATED_SEQUENCE_NUMBER);
    try (CloseableIterable<FileScanTask> tasks = table.newScan().planFiles()) {
      for (FileScanTask task : tasks) {
        PositionDeleteIndex deleted =
            task.deletes().isEmpty()
                ? PositionDeleteIndex.empty()
                : new BaseDeleteLoader((DeleteFile file) -> table.io().newInputFile(file))
                    .loadPositionDeletes(task.deletes(), task.file().location());
        Map<Integer, ?> constants = PartitionUtil.constantsMap(task);
        long position = 0;
        try (CloseableIterable<StructLike> rows =
            Parquet.read(table.io().newInputFile(task.file()))
                .project(schema)
                .createReaderFunc(fs -> InternalReader.create(schema, fs, constants))
                .build()) {
          for (StructLike row : rows) {
            if (!deleted.isDeleted(position++)) {
              lineage.put(
                  row.get(0, Object.class),
                  new RowLineage(row.get(1, Long.class), row.get(2, Long.class)));
            }
          }
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return lineage;
  }
}
