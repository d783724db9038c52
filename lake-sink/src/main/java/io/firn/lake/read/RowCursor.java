package io.firn.lake.read;

import io.firn.model.row.Row;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.apache.iceberg.FileContent;
import org.apache.iceberg.FileFormat;
import org.apache.iceberg.FileScanTask;
import org.apache.iceberg.MetadataColumns;
import org.apache.iceberg.PartitionField;
import org.apache.iceberg.PartitionSpec;
import org.apache.iceberg.Schema;
import org.apache.iceberg.StructLike;
import org.apache.iceberg.Table;
import org.apache.iceberg.data.BaseDeleteLoader;
import org.apache.iceberg.data.parquet.InternalReader;
import org.apache.iceberg.deletes.PositionDeleteIndex;
import org.apache.iceberg.io.CloseableIterable;
import org.apache.iceberg.io.CloseableIterator;
import org.apache.iceberg.parquet.Parquet;
import org.apache.iceberg.types.Types;

/**
 * Walks over the live rows of one snapshot, file by file, in constant memory.
 *
 * <p>Values are in Iceberg's internal representation, as in {@link Row}; their order is that of
 * {@link #schema()}.
 *
 * <p><b>Threading</b>: one thread.
 */
public final class RowCursor implements AutoCloseable {
  private final Table table;
  private final Schema schema;
  private final Schema readSchema;
  private final CloseableIterable<FileScanTask> tasks;
  private final Iterator<FileScanTask> remaining;
  private CloseableIterator<StructLike> rows = CloseableIterator.empty();
  private PositionDeleteIndex deleted = PositionDeleteIndex.empty();

  private RowCursor(Table table, Schema schema, CloseableIterable<FileScanTask> tasks) {
    this.table = table;
    this.schema = schema;
    List<Types.NestedField> fields = new ArrayList<>(schema.columns());
    fields.add(MetadataColumns.ROW_POSITION);
    this.readSchema = new Schema(fields);
    this.tasks = tasks;
    this.remaining = tasks.iterator();
  }

  static RowCursor open(Table table, long snapshotId, Schema schema) {
    return new RowCursor(table, schema, table.newScan().useSnapshot(snapshotId).planFiles());
  }

  static RowCursor empty(Schema schema) {
    return new RowCursor(null, schema, CloseableIterable.empty());
  }

  /** The columns of the rows. */
  public Schema schema() {
    return schema;
  }

  /** The next row, or null after the last one. */
  public Row next() {
    int columns = schema.columns().size();
    while (true) {
      while (rows.hasNext()) {
        StructLike row = rows.next();
        if (!deleted.isDeleted(row.get(columns, Long.class))) {
          Row copy = new Row(columns);
          for (int i = 0; i < columns; i++) {
            copy.set(i, row.get(i, Object.class));
          }
          return copy;
        }
      }
      if (!remaining.hasNext()) {
        return null;
      }
      openFile(remaining.next());
    }
  }

  private void openFile(FileScanTask task) {
    closeFile();
    if (task.file().format() != FileFormat.PARQUET) {
      throw new UnsupportedOperationException(
          "Reading '" + task.file().location() + "' failed: it is not a Parquet file");
    }
    boolean equality =
        task.deletes().stream().anyMatch(file -> file.content() == FileContent.EQUALITY_DELETES);
    if (equality) {
      throw new UnsupportedOperationException(
          "Reading '"
              + task.file().location()
              + "' failed: it has equality deletes, which Firn neither writes nor reads");
    }
    deleted =
        task.deletes().isEmpty()
            ? PositionDeleteIndex.empty()
            : new BaseDeleteLoader(file -> table.io().newInputFile(file.location()))
                .loadPositionDeletes(task.deletes(), task.file().location());
    Map<Integer, Object> constants = identityConstants(task.spec(), task.file().partition());
    CloseableIterable<StructLike> file =
        Parquet.read(table.io().newInputFile(task.file().location()))
            .project(readSchema)
            .createReaderFunc(
                fileSchema -> InternalReader.create(readSchema, fileSchema, constants))
            .build();
    rows = file.iterator();
  }

  /** Columns whose values stand in the partition and, in files of others, perhaps only there. */
  private static Map<Integer, Object> identityConstants(PartitionSpec spec, StructLike partition) {
    if (spec.isUnpartitioned()) {
      return Collections.emptyMap();
    }
    Map<Integer, Object> constants = new HashMap<>();
    List<PartitionField> fields = spec.fields();
    for (int i = 0; i < fields.size(); i++) {
      if (fields.get(i).transform().isIdentity()) {
        constants.put(fields.get(i).sourceId(), partition.get(i, Object.class));
      }
    }
    return constants;
  }

  private void closeFile() {
    try {
      rows.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    closeFile();
    try {
      tasks.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
