package io.firn.lake.write;

import io.firn.lake.table.LakeTable;
import io.firn.lake.table.TableLayout;
import io.firn.lake.table.WriteMode;
import io.firn.model.row.Row;
import io.firn.model.row.RowChange;
import io.firn.model.schema.TableSchema;
import io.firn.model.sink.WriterContext;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;

/**
 * Writes every change as rows of a change log ({@link io.firn.lake.table.ChangeLogColumns}).
 *
 * <p>Rows are collected first so that each flush goes through the partitions one by one; within a
 * partition they keep the order of the stream.
 *
 * <p><b>Threading</b>: one thread.
 */
final class AppendTableWriter implements TableWriter {
  private static final String INSERT = "INSERT";
  private static final String UPDATE_BEFORE = "UPDATE_BEFORE";
  private static final String UPDATE_AFTER = "UPDATE_AFTER";
  private static final String DELETE = "DELETE";

  private record LogRow(
      Row row,
      RowMapping mapping,
      String operation,
      String position,
      Long commitTime,
      int partition) {}

  private final TableFiles files;
  private final boolean beforeImages;
  private final RowView view = new RowView();
  private final Map<TableSchema, RowMapping> mappings = new IdentityHashMap<>();
  private final List<LogRow> buffer = new ArrayList<>();
  private long bufferedBytes;
  private Partitioner partitioner;

  AppendTableWriter(LakeTable lakeTable, WriterContext context, OpenFiles openFiles) {
    this.files = new TableFiles(lakeTable, context, openFiles);
    this.beforeImages = lakeTable.initialLayout().mode() == WriteMode.APPEND;
    this.partitioner = new Partitioner(lakeTable.initialLayout());
  }

  @Override
  public void write(RowChange change) {
    RowMapping mapping =
        mappings.computeIfAbsent(change.schema(), s -> RowMapping.of(s, files.layout()));
    String position = change.meta().position().place();
    long micros = change.meta().commitTimestampMicros();
    Long commitTime = micros == 0 ? null : (Long) micros;
    switch (change.operation()) {
      case READ, INSERT -> add(change.after(), mapping, INSERT, position, commitTime);
      case UPDATE -> {
        if (beforeImages) {
          add(change.before(), mapping, UPDATE_BEFORE, position, commitTime);
        }
        add(change.after(), mapping, UPDATE_AFTER, position, commitTime);
      }
      case DELETE -> add(change.before(), mapping, DELETE, position, commitTime);
    }
  }

  private void add(
      Row row, RowMapping mapping, String operation, String position, Long commitTime) {
    int partition = partitioner.numberOf(view.show(row, mapping, operation, position, commitTime));
    buffer.add(new LogRow(row, mapping, operation, position, commitTime, partition));
    bufferedBytes += mapping.sizeInBytes(row) + position.length();
  }

  @Override
  public int bufferedRows() {
    return buffer.size();
  }

  @Override
  public long bufferedBytes() {
    return bufferedBytes;
  }

  @Override
  public void flush() {
    if (partitioner.isPartitioned()) {
      buffer.sort(Comparator.comparingInt(LogRow::partition));
    }
    OpenDataFile file = null;
    int partition = -1;
    for (LogRow row : buffer) {
      if (file == null || row.partition() != partition) {
        partition = row.partition();
        file = files.fileFor(partitioner.partition(partition));
      }
      file.write(
          view.show(row.row(), row.mapping(), row.operation(), row.position(), row.commitTime()));
      if (file.isFull()) {
        files.finish(file);
        file = null;
      }
    }
    clearBuffer();
  }

  private void clearBuffer() {
    buffer.clear();
    bufferedBytes = 0;
    partitioner.reset();
  }

  @Override
  public void useLayout(TableLayout layout) {
    flush();
    files.useLayout(layout);
    partitioner = new Partitioner(layout);
    mappings.clear();
  }

  @Override
  public boolean truncate(long commitMicros) {
    // The log of what is no more would not add up to the rows that are there.
    discard();
    return true;
  }

  @Override
  public void empty(long snapshotMicros) {
    discard();
  }

  @Override
  public Written handOver(long endedCheckpointId) {
    flush();
    return new Written(files.handOver(endedCheckpointId), Map.of());
  }

  @Override
  public void repoint(int rows) {}

  @Override
  public void discard() {
    clearBuffer();
    files.discard();
  }
}
