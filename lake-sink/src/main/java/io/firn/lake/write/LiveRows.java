package io.firn.lake.write;

import io.firn.lake.catalog.Secrets;
import io.firn.lake.catalog.StorageFailures;
import io.firn.lake.index.KeyEncoder;
import io.firn.lake.index.PrimaryKeyIndex;
import io.firn.lake.index.RowLocation;
import io.firn.lake.table.DataFileName;
import io.firn.lake.table.DataFileRef;
import io.firn.lake.table.LakeTable;
import io.firn.lake.table.Relocations;
import io.firn.lake.table.TableLayout;
import io.firn.model.error.RetryableException;
import io.firn.model.row.KeyHash;
import io.firn.model.row.Row;
import io.firn.model.schema.Column;
import io.firn.model.schema.TableSchema;
import io.firn.model.sink.WriterContext;
import io.firn.model.state.KeyGroups;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import org.apache.iceberg.Schema;
import org.apache.iceberg.StructLike;
import org.apache.iceberg.data.parquet.InternalReader;
import org.apache.iceberg.io.CloseableIterable;
import org.apache.iceberg.parquet.Parquet;
import org.apache.iceberg.types.Types;

/**
 * Reads back, from the data files, the rows that a task's key index knows of: also those that are
 * not committed yet, and none that was superseded. Memory is bounded; every file is read once.
 *
 * <p><b>Assumptions</b>: the task's own files are complete; the index is, too. Files may be
 * rewritten and removed by compaction meanwhile.
 *
 * <p><b>Threading</b>: the task's thread.
 */
final class LiveRows {
  /** How many rows a visitor may keep before it writes them. */
  static final int BUFFERED_ROWS = 20_000;

  /** How many bytes of rows a visitor may keep before it writes them. */
  static final long BUFFERED_BYTES = 8L << 20;

  private static final int BATCH_ROWS = 1_000;

  /**
   * A row.
   *
   * @param key its key's bytes
   * @param hash its key's hash
   * @param row the columns of the table, without those that the write mode adds
   * @param firstAdded value of the first column that the write mode adds
   * @param location where it was read
   */
  record LiveRow(byte[] key, int hash, Row row, Object firstAdded, long location) {}

  private final LakeTable lakeTable;
  private final WriterContext context;
  private final PrimaryKeyIndex index;
  private final Relocations relocations;
  private final Schema projection;
  private final int columns;
  private final int[] keyIndexes;
  private final KeyEncoder encoder;
  private final RowMapping mapping;

  /**
   * @param layout of the table now; its mode adds columns
   * @param index knows where the task's rows are
   */
  LiveRows(LakeTable lakeTable, WriterContext context, TableLayout layout, PrimaryKeyIndex index) {
    this.lakeTable = lakeTable;
    this.context = context;
    this.index = index;
    this.relocations = lakeTable.files().relocations();
    List<Types.NestedField> fields = new ArrayList<>();
    List<Column> rowColumns = new ArrayList<>();
    for (Types.NestedField field : layout.schema().columns()) {
      if (layout.mode().indexOf(field.name()) < 0) {
        fields.add(field);
        rowColumns.add(Column.of(field.name(), field.type(), field.isOptional()));
      }
    }
    this.columns = fields.size();
    fields.add(layout.schema().asStruct().field(layout.mode().columns().get(0).name()));
    this.projection = new Schema(fields);
    TableSchema rows =
        new TableSchema(layout.source().table(), rowColumns, layout.source().primaryKey());
    this.keyIndexes = rows.keyIndexes();
    this.encoder = new KeyEncoder(lakeTable.id(), rows);
    this.mapping = RowMapping.of(rows, layout);
  }

  /** Where the table's columns are in the rows. */
  RowMapping mapping() {
    return mapping;
  }

  /**
   * Visits every row; one that is moved meanwhile perhaps twice.
   *
   * @param visitor told about each row
   * @param betweenBatches called now and then; may change the index
   * @throws RetryableException if a file went away before all of its rows were read
   */
  void forEach(Consumer<LiveRow> visitor, Runnable betweenBatches) {
    for (DataFileRef file : lakeTable.files().all()) {
      if (!isOfOtherTask(file)) {
        read(file, visitor, betweenBatches);
      }
    }
  }

  /** Whether another task of this life writes, or wrote, the file: it may not be complete. */
  private boolean isOfOtherTask(DataFileRef file) {
    return DataFileName.parse(file.path())
        .filter(name -> name.epoch() == context.epoch())
        .filter(name -> name.subtask() != DataFileName.COMPACTION)
        .filter(name -> name.subtask() != context.subtask())
        .isPresent();
  }

  private void read(DataFileRef file, Consumer<LiveRow> visitor, Runnable betweenBatches) {
    List<LiveRow> batch = new ArrayList<>();
    long position = 0;
    try (CloseableIterable<StructLike> rows =
        Parquet.read(lakeTable.table().io().newInputFile(file.path()))
            .project(projection)
            .createReaderFunc(fileSchema -> InternalReader.create(projection, fileSchema))
            .build()) {
      for (StructLike struct : rows) {
        add(struct, RowLocation.of(file.fileId(), position++), batch);
        if (batch.size() >= BATCH_ROWS) {
          visitLive(batch, visitor);
          betweenBatches.run();
        }
      }
    } catch (IOException | RuntimeException e) {
      throwUnlessEmpty(file, e);
    }
    visitLive(batch, visitor);
    betweenBatches.run();
  }

  private void add(StructLike struct, long location, List<LiveRow> batch) {
    Object[] values = new Object[columns];
    for (int i = 0; i < columns; i++) {
      values[i] = struct.get(i, Object.class);
    }
    Row row = Row.wrap(values);
    int hash = KeyHash.of(row, keyIndexes);
    if (context.keyGroups().contains(KeyGroups.ofHash(hash))) {
      Object added = struct.get(columns, Object.class);
      batch.add(new LiveRow(encoder.encode(row, hash), hash, row, added, location));
    }
  }

  /** A file may go away because none of its rows lives; if they moved, some would be missed. */
  private void throwUnlessEmpty(DataFileRef file, Exception cause) {
    boolean gone =
        cause instanceof RuntimeException && !lakeTable.files().isKnown(file.fileId(), file.path());
    if (gone && relocations.isMoved(file.fileId())) {
      throw new RetryableException(
          "Reading the rows of "
              + lakeTable.id()
              + " failed: '"
              + file.path()
              + "' was compacted meanwhile; it is tried again from the last checkpoint",
          cause);
    }
    if (!gone) {
      throw StorageFailures.of(
          "Reading the rows of " + lakeTable.id() + " from '" + file.path() + "'",
          "it is tried again from the last checkpoint",
          cause,
          Secrets.NONE);
    }
  }

  private void visitLive(List<LiveRow> batch, Consumer<LiveRow> visitor) {
    batch.sort((a, b) -> Arrays.compareUnsigned(a.key(), b.key()));
    byte[][] keys = new byte[batch.size()][];
    int distinct = 0;
    for (LiveRow row : batch) {
      if (distinct == 0 || !Arrays.equals(keys[distinct - 1], row.key())) {
        keys[distinct++] = row.key();
      }
    }
    long[] found = new long[distinct];
    index.lookup(Arrays.copyOf(keys, distinct), distinct, found);
    int number = 0;
    for (LiveRow row : batch) {
      while (!Arrays.equals(keys[number], row.key())) {
        number++;
      }
      long place = found[number];
      if (place == row.location() || relocations.resolve(place) == row.location()) {
        visitor.accept(row);
      }
    }
    batch.clear();
  }
}
