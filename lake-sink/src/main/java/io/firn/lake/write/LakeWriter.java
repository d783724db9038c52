package io.firn.lake.write;

import io.firn.lake.index.KeyIndexes;
import io.firn.lake.index.OffHeapMemory;
import io.firn.lake.index.StateKeyIndex;
import io.firn.lake.table.LakeTable;
import io.firn.lake.table.LakeTables;
import io.firn.model.row.RowChange;
import io.firn.model.schema.TableId;
import io.firn.model.schema.TableSchema;
import io.firn.model.sink.SinkWriter;
import io.firn.model.sink.WriterContext;
import io.firn.model.stream.SchemaChange;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The lake's {@link SinkWriter}: one task's rows of all tables.
 *
 * <p>Rows wait in write buffers, within the limits of {@link WriterSettings}; over a limit, the
 * tables with the fullest buffers are flushed to data files until half of it is free.
 *
 * <p><b>Threading</b>: one thread at a time.
 */
public final class LakeWriter implements SinkWriter {
  /** How many rows of a rewritten file are looked at per batch at least. */
  private static final int REPOINTED_ROWS = 500;

  private final LakeTables lakeTables;
  private final WriterContext context;
  private final WriterSettings settings;
  private final OpenFiles openFiles;
  private final KeyIndexes indexes;
  private final Map<TableId, TargetTable> tables = new LinkedHashMap<>();
  private final Map<TableSchema, TargetTable> bySchema = new IdentityHashMap<>();

  /** A writer with the default limits. */
  public LakeWriter(LakeTables lakeTables, WriterContext context) {
    this(lakeTables, context, WriterSettings.DEFAULT, new OffHeapMemory());
  }

  /**
   * @param lakeTables the target tables, shared by all tasks
   * @param context the task
   * @param settings its limits
   * @param memory where the key index has its memory from
   */
  public LakeWriter(
      LakeTables lakeTables, WriterContext context, WriterSettings settings, OffHeapMemory memory) {
    this.lakeTables = lakeTables;
    this.context = context;
    this.settings = settings;
    this.openFiles = new OpenFiles(settings);
    this.indexes =
        new KeyIndexes(
            context.state().table(StateKeyIndex.STATE_TABLE),
            context.keyGroups(),
            memory,
            settings.indexBytes());
  }

  @Override
  public void write(List<RowChange> changes) {
    int sinceCheck = 0;
    TableSchema lastSchema = null;
    TargetTable target = null;
    for (RowChange change : changes) {
      if (change.schema() != lastSchema) {
        lastSchema = change.schema();
        target = bySchema.computeIfAbsent(lastSchema, s -> announced(s.table()));
      }
      target.write(change);
      // Adding up the tables per row would cost more than the row; but few rows may be large.
      if (++sinceCheck == 64 || target.writer().bufferedBytes() >= settings.bufferBytes()) {
        sinceCheck = 0;
        limitBuffers();
      }
    }
    limitBuffers();
    // In proportion to the rows written, so that it neither stalls them nor falls behind for long.
    int rows = REPOINTED_ROWS + 2 * changes.size();
    tables.values().forEach(table -> table.writer().repoint(rows));
  }

  private TargetTable announced(TableId table) {
    TargetTable target = tables.get(table);
    if (target == null) {
      throw new IllegalStateException(table + " was not announced before its first change");
    }
    return target;
  }

  private void limitBuffers() {
    long rows = 0;
    long bytes = 0;
    for (TargetTable table : tables.values()) {
      rows += table.writer().bufferedRows();
      bytes += table.writer().bufferedBytes();
    }
    if (rows < settings.bufferRows() && bytes < settings.bufferBytes()) {
      return;
    }
    while (rows > settings.bufferRows() / 2 || bytes > settings.bufferBytes() / 2) {
      TableWriter fullest = null;
      for (TargetTable table : tables.values()) {
        if (fullest == null || table.writer().bufferedBytes() > fullest.bufferedBytes()) {
          fullest = table.writer();
        }
      }
      rows -= fullest.bufferedRows();
      bytes -= fullest.bufferedBytes();
      fullest.flush();
    }
    openFiles.limitMemory();
  }

  @Override
  public void apply(SchemaChange change) {
    TableId table = change.table();
    if (change instanceof SchemaChange.CreateTable create) {
      LakeTable lakeTable = lakeTables.announce(create);
      tables.computeIfAbsent(table, id -> new TargetTable(lakeTable, writerFor(lakeTable)));
    }
    announced(table).apply(change);
    bySchema.clear();
  }

  private TableWriter writerFor(LakeTable lakeTable) {
    return switch (lakeTable.initialLayout().mode()) {
      case APPEND, APPEND_AFTER -> new AppendTableWriter(lakeTable, context, openFiles);
      case UPSERT, SOFT_DELETE ->
          new UpsertTableWriter(lakeTable, context, openFiles, indexes, settings.indexReaders());
      case HISTORY ->
          new HistoryTableWriter(lakeTable, context, openFiles, indexes, settings.indexReaders());
    };
  }

  @Override
  public List<Committable> prepareCommit(long checkpointId) {
    List<Committable> committables = new ArrayList<>();
    for (TargetTable table : tables.values()) {
      table.handOver(checkpointId).ifPresent(committables::add);
    }
    indexes.writeBack();
    return committables;
  }

  @Override
  public void close() {
    try {
      for (TargetTable table : tables.values()) {
        table.writer().discard();
      }
    } finally {
      indexes.close();
    }
  }
}
