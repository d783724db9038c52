package io.firn.lake.write;

import io.firn.lake.index.IndexRebuilder;
import io.firn.lake.index.IndexRepointer;
import io.firn.lake.index.KeyEncoder;
import io.firn.lake.index.KeyIndexes;
import io.firn.lake.index.KeyTimes;
import io.firn.lake.index.TieredKeyIndex;
import io.firn.lake.table.LakeTable;
import io.firn.lake.table.TableLayout;
import io.firn.model.row.KeyHash;
import io.firn.model.row.Row;
import io.firn.model.schema.TableSchema;
import io.firn.model.sink.WriterContext;
import io.firn.model.state.KeyGroups;
import java.util.IdentityHashMap;
import java.util.Map;

/**
 * The keys of one task's rows of one table: how they are read from rows, and the index that says
 * where each key's row is.
 *
 * <p><b>Threading</b>: one thread.
 */
final class KeyedRows {

  /** What is compiled per layout of incoming rows. */
  record Compiled(RowMapping mapping, KeyEncoder encoder, int[] keyIndexes) {}

  private final LakeTable lakeTable;
  private final WriterContext context;
  private final KeyTimes times;
  private final int indexReaders;
  private final TieredKeyIndex index;
  private final IndexRepointer repointer;
  private final Map<TableSchema, Compiled> compiled = new IdentityHashMap<>();
  private TableLayout layout;
  private TableSchema lastSchema;
  private Compiled lastCompiled;
  private boolean indexed;
  private long checkpointId;

  /**
   * @param times what else is known of keys, and is rebuilt with the index; null for nothing
   * @param indexReaders threads that all tasks together may rebuild indexes with
   */
  KeyedRows(
      LakeTable lakeTable,
      WriterContext context,
      KeyIndexes indexes,
      KeyTimes times,
      int indexReaders) {
    this.lakeTable = lakeTable;
    this.context = context;
    this.times = times;
    this.indexReaders = indexReaders;
    this.layout = lakeTable.initialLayout();
    this.index = indexes.of(lakeTable.id(), layout.source());
    this.repointer = new IndexRepointer(lakeTable, context.subtask(), context.keyGroups(), index);
    this.checkpointId = context.firstCheckpointId();
    lakeTable.files().relocations().join(context.parallelism());
  }

  TieredKeyIndex index() {
    return index;
  }

  /** What is compiled for rows of a layout. */
  Compiled compiledFor(TableSchema schema) {
    if (schema != lastSchema) {
      lastCompiled = compiled.computeIfAbsent(schema, this::compile);
      lastSchema = schema;
    }
    return lastCompiled;
  }

  private Compiled compile(TableSchema schema) {
    return new Compiled(
        RowMapping.of(schema, layout), new KeyEncoder(lakeTable.id(), schema), schema.keyIndexes());
  }

  /** The hash of a row's key, which this task owns. */
  int hash(Compiled rows, Row image) {
    int hash = KeyHash.of(image, rows.keyIndexes());
    if (!context.keyGroups().contains(KeyGroups.ofHash(hash))) {
      // Its index entry is with another task: going on would leave the superseded row alive.
      throw new IllegalStateException(
          "Task " + context.subtask() + " got a row of " + lakeTable.id() + " it does not own");
    }
    return hash;
  }

  /** Makes the index know every row that the table has from before this life. */
  void ensureIndexed() {
    if (indexed) {
      return;
    }
    int[] keyColumnIds = keyColumnIds();
    if (!index.isComplete(lakeTable.table().uuid(), keyColumnIds)) {
      new IndexRebuilder(lakeTable, layout, context.keyGroups(), index, times, indexReaders)
          .rebuild();
      index.markComplete(lakeTable.table().uuid(), keyColumnIds);
    } else {
      repointer.repointInherited(layout);
    }
    indexed = true;
  }

  private int[] keyColumnIds() {
    return layout.source().primaryKey().stream()
        .mapToInt(name -> layout.schema().asStruct().field(name).fieldId())
        .toArray();
  }

  /** Lets the index follow rows that compaction moved; looks at about so many rows. */
  void repoint(int rows) {
    if (indexed) {
      repointer.step(layout, checkpointId, rows);
    }
  }

  /** Goes on with another layout; everything that came before was written. */
  void useLayout(TableLayout newLayout) {
    repointer.close(); // goes on with the new layout's key
    layout = newLayout;
    index.useLayout(newLayout.source());
    compiled.clear();
    lastSchema = null;
  }

  /** Forgets all keys: the table has no rows. */
  void clear() {
    index.clear();
    if (times != null) {
      times.clear();
    }
    index.markComplete(lakeTable.table().uuid(), keyColumnIds());
    indexed = true;
  }

  /** Notes that the index is complete in the state of a checkpoint. */
  void handedOver(long endedCheckpointId) {
    lakeTable.files().relocations().ready(context.subtask(), endedCheckpointId);
    checkpointId = endedCheckpointId + 1;
  }

  /** The rows that the index knows of, in the files that are complete. */
  LiveRows liveRows() {
    return new LiveRows(lakeTable, context, layout, index);
  }

  void close() {
    repointer.close();
  }

  /** The same entries in ascending order of whole keys; they begin with the key group. */
  static <E extends RowBuffer.Entry> E[] byKeyGroup(E[] byValues) {
    int[] next = new int[KeyGroups.COUNT + 1];
    for (RowBuffer.Entry entry : byValues) {
      next[KeyGroups.ofHash(entry.hash) + 1]++;
    }
    for (int group = 1; group <= KeyGroups.COUNT; group++) {
      next[group] += next[group - 1];
    }
    E[] sorted = byValues.clone();
    for (E entry : byValues) {
      sorted[next[KeyGroups.ofHash(entry.hash)]++] = entry;
    }
    return sorted;
  }
}
