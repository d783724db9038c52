package io.firn.lake.index;

import io.firn.lake.catalog.Secrets;
import io.firn.lake.catalog.StorageFailures;
import io.firn.lake.table.DataFileName;
import io.firn.lake.table.DataFileRegistry;
import io.firn.lake.table.LakeTable;
import io.firn.lake.table.TableLayout;
import io.firn.model.error.InconsistentStateException;
import io.firn.model.error.RetryableException;
import io.firn.model.row.KeyHash;
import io.firn.model.row.Row;
import io.firn.model.schema.Column;
import io.firn.model.schema.TableSchema;
import io.firn.model.state.KeyGroupRange;
import io.firn.model.state.KeyGroups;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.DeleteFile;
import org.apache.iceberg.FileContent;
import org.apache.iceberg.FileFormat;
import org.apache.iceberg.FileScanTask;
import org.apache.iceberg.Schema;
import org.apache.iceberg.StructLike;
import org.apache.iceberg.Table;
import org.apache.iceberg.data.BaseDeleteLoader;
import org.apache.iceberg.data.parquet.InternalReader;
import org.apache.iceberg.deletes.PositionDeleteIndex;
import org.apache.iceberg.io.CloseableIterable;
import org.apache.iceberg.parquet.Parquet;
import org.apache.iceberg.types.Types;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Fills a key index from the table itself: reads the key columns of all data files, leaves out
 * deleted positions, and notes where each key of the task is.
 *
 * <p><b>Assumption</b>: the table's current snapshot is the state the index has to describe; nobody
 * commits to the table meanwhile.
 */
public final class IndexRebuilder {
  private static final Logger LOG = LoggerFactory.getLogger(IndexRebuilder.class);
  private static final int BATCH = 20_000;
  private static final long PROGRESS_INTERVAL_NANOS = 5_000_000_000L;

  private final LakeTable lakeTable;
  private final KeyGroupRange keyGroups;
  private final PrimaryKeyIndex index;
  private final Schema keySchema;
  private final TableSchema keyLayout;
  private final KeyEncoder encoder;
  private final List<Entry> batch = new ArrayList<>(BATCH);
  private long rows;
  private long keys;

  private record Entry(byte[] key, long location) {}

  /**
   * @param lakeTable the table
   * @param layout its layout; the key is that of {@code layout.source()}
   * @param keyGroups the key groups that the index is for
   * @param index where the keys go
   */
  public IndexRebuilder(
      LakeTable lakeTable, TableLayout layout, KeyGroupRange keyGroups, PrimaryKeyIndex index) {
    this.lakeTable = lakeTable;
    this.keyGroups = keyGroups;
    this.index = index;
    List<Types.NestedField> fields = new ArrayList<>();
    List<Column> columns = new ArrayList<>();
    for (String name : layout.source().primaryKey()) {
      Types.NestedField field = layout.schema().asStruct().field(name);
      fields.add(field);
      columns.add(Column.of(name, field.type(), field.isOptional()));
    }
    this.keySchema = new Schema(fields);
    this.keyLayout =
        new TableSchema(layout.source().table(), columns, layout.source().primaryKey());
    this.encoder = new KeyEncoder(lakeTable.id(), keyLayout);
  }

  /**
   * Empties the index and fills it.
   *
   * @return how many keys it has now
   * @throws InconsistentStateException if the table has files that are not Firn's, equality deletes
   *     or two rows of one key
   * @throws RetryableException if storage failed
   */
  public long rebuild() {
    index.clear();
    Table table = lakeTable.table();
    if (table.currentSnapshot() == null) {
      return 0;
    }
    LOG.info("Rebuilding the key index of {} from its data files", lakeTable.id());
    long lastReport = System.nanoTime();
    long files = 0;
    try (CloseableIterable<FileScanTask> tasks = table.newScan().planFiles()) {
      for (FileScanTask task : tasks) {
        read(table, task);
        files++;
        if (System.nanoTime() - lastReport > PROGRESS_INTERVAL_NANOS) {
          lastReport = System.nanoTime();
          LOG.info(
              "Rebuilding the key index of {}: {} files, {} rows read, {} keys found",
              lakeTable.id(),
              files,
              rows,
              keys);
        }
      }
      flush();
    } catch (IOException | RuntimeException e) {
      throw StorageFailures.of(
          "Reading table " + lakeTable.id() + " to rebuild its key index",
          "it is tried again from the last checkpoint",
          e,
          Secrets.NONE);
    }
    LOG.info(
        "Rebuilt the key index of {}: {} files, {} rows read, {} keys found",
        lakeTable.id(),
        files,
        rows,
        keys);
    return keys;
  }

  private void read(Table table, FileScanTask task) throws IOException {
    DataFile file = task.file();
    long fileId = fileIdOf(file);
    PositionDeleteIndex deleted = deletedPositions(table, task);
    long position = 0;
    // The whole file without a filter, so rows come with ascending positions from 0.
    try (CloseableIterable<StructLike> structs =
        Parquet.read(table.io().newInputFile(file))
            .project(keySchema)
            .createReaderFunc(fileSchema -> InternalReader.create(keySchema, fileSchema))
            .reuseContainers()
            .build()) {
      for (StructLike struct : structs) {
        if (deleted == null || !deleted.isDeleted(position)) {
          add(struct, RowLocation.of(fileId, position));
        }
        position++;
        if ((position & 0xFFFF) == 0) {
          stopIfInterrupted();
        }
      }
    }
    stopIfInterrupted();
    rows += position;
  }

  /** Reading a large table takes minutes, and nobody else would notice that the pipeline ends. */
  private void stopIfInterrupted() {
    if (Thread.currentThread().isInterrupted()) {
      throw new RetryableException(
          "Rebuilding the key index of "
              + lakeTable.id()
              + " was interrupted because the pipeline ends; it starts anew next time");
    }
  }

  private long fileIdOf(DataFile file) {
    String path = file.location();
    DataFileRegistry files = lakeTable.files();
    long fileId =
        DataFileName.parse(path)
            .map(DataFileName::fileId)
            .filter(id -> files.isKnown(id, path))
            .orElseThrow(
                () -> foreign("data file '" + path + "' was not written by this pipeline"));
    if (file.format() != FileFormat.PARQUET) {
      throw foreign("data file '" + path + "' is not a Parquet file");
    }
    return fileId;
  }

  private PositionDeleteIndex deletedPositions(Table table, FileScanTask task) {
    List<DeleteFile> deletes = task.deletes();
    if (deletes.isEmpty()) {
      return null;
    }
    for (DeleteFile delete : deletes) {
      if (delete.content() == FileContent.EQUALITY_DELETES) {
        throw foreign(
            "'" + delete.location() + "' holds equality deletes, which Firn never writes");
      }
    }
    return new BaseDeleteLoader(delete -> table.io().newInputFile(delete))
        .loadPositionDeletes(deletes, task.file().location());
  }

  private InconsistentStateException foreign(String cause) {
    return new InconsistentStateException(
        "The key index of "
            + lakeTable.id()
            + " cannot be rebuilt: "
            + cause
            + "; undo the foreign change of the table, or write to a new table");
  }

  private void add(StructLike struct, long location) {
    Object[] values = new Object[keySchema.columns().size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = struct.get(i, Object.class);
    }
    Row row = Row.wrap(values);
    int keyHash = KeyHash.of(row, keyLayout.keyIndexes());
    if (keyGroups.contains(KeyGroups.ofHash(keyHash))) {
      batch.add(new Entry(encoder.encode(row, keyHash), location));
      if (batch.size() == BATCH) {
        flush();
      }
    }
  }

  private void flush() {
    if (batch.isEmpty()) {
      return;
    }
    batch.sort((a, b) -> Arrays.compareUnsigned(a.key(), b.key()));
    int count = batch.size();
    byte[][] sorted = new byte[count][];
    long[] locations = new long[count];
    for (int i = 0; i < count; i++) {
      sorted[i] = batch.get(i).key();
      locations[i] = batch.get(i).location();
      if (i > 0 && Arrays.equals(sorted[i - 1], sorted[i])) {
        throw duplicate(locations[i - 1], locations[i]);
      }
    }
    long[] found = new long[count];
    index.lookup(sorted, count, found);
    for (int i = 0; i < count; i++) {
      if (found[i] != RowLocation.NONE) {
        throw duplicate(found[i], locations[i]);
      }
    }
    index.update(sorted, count, locations);
    keys += count;
    batch.clear();
  }

  private InconsistentStateException duplicate(long first, long second) {
    return new InconsistentStateException(
        "Table "
            + lakeTable.id()
            + " has two rows of one key: row "
            + RowLocation.position(first)
            + " of '"
            + lakeTable.files().get(RowLocation.fileId(first)).path()
            + "' and row "
            + RowLocation.position(second)
            + " of '"
            + lakeTable.files().get(RowLocation.fileId(second)).path()
            + "'; remove one of them, or write to a new table");
  }
}
