package io.firn.lake.write;

import io.firn.lake.index.IndexRebuilder;
import io.firn.lake.index.IndexRepointer;
import io.firn.lake.index.KeyEncoder;
import io.firn.lake.index.KeyIndexes;
import io.firn.lake.index.RowLocation;
import io.firn.lake.index.TieredKeyIndex;
import io.firn.lake.table.LakeTable;
import io.firn.lake.table.TableLayout;
import io.firn.model.row.KeyHash;
import io.firn.model.row.Operation;
import io.firn.model.row.Row;
import io.firn.model.row.RowChange;
import io.firn.model.schema.TableSchema;
import io.firn.model.sink.WriterContext;
import io.firn.model.state.KeyGroups;
import java.util.Arrays;
import java.util.Comparator;
import java.util.IdentityHashMap;
import java.util.Map;

/**
 * Keeps one row per key: writes the latest rows, and says which earlier rows they supersede.
 *
 * <p>A flush costs one batch of index reads, sequential writes in (partition, key) order, and one
 * batch of index writes. A key that changes several times between two flushes costs one row; if it
 * changes again after a flush, the row of the earlier flush is superseded like any other.
 *
 * <p><b>Invariant</b>: after a flush the index has the location of every live row of the task's key
 * groups, counting the rows in files that are not committed yet.
 *
 * <p><b>Threading</b>: one thread.
 */
final class UpsertTableWriter implements TableWriter {

  /** What is compiled per layout of incoming rows. */
  private record Compiled(RowMapping mapping, KeyEncoder encoder, int[] keyIndexes) {}

  private static final int TOMBSTONE_BYTES = 80;

  private final LakeTable lakeTable;
  private final WriterContext context;
  private final TableFiles files;
  private final TieredKeyIndex index;
  private final IndexRepointer repointer;
  private final int indexReaders;
  private final RowBuffer buffer = new RowBuffer(KeyEncoder.VALUES_OFFSET);
  private final SupersededRows superseded = new SupersededRows();
  private final RowView view = new RowView();
  private final Map<TableSchema, Compiled> compiled = new IdentityHashMap<>();
  private TableSchema lastSchema;
  private Compiled lastCompiled;
  private Partitioner partitioner;
  private boolean indexed;
  private long checkpointId;

  UpsertTableWriter(
      LakeTable lakeTable,
      WriterContext context,
      OpenFiles openFiles,
      KeyIndexes indexes,
      int indexReaders) {
    this.indexReaders = indexReaders;
    this.lakeTable = lakeTable;
    this.context = context;
    this.files = new TableFiles(lakeTable, context, openFiles);
    this.index = indexes.of(lakeTable.id(), lakeTable.initialLayout().source());
    this.repointer = new IndexRepointer(lakeTable, context.subtask(), context.keyGroups(), index);
    this.checkpointId = context.firstCheckpointId();
    lakeTable.files().relocations().join(context.parallelism());
    this.partitioner = new Partitioner(lakeTable.initialLayout());
  }

  @Override
  public void write(RowChange change) {
    Compiled rows = compiledFor(change.schema());
    Row image = change.keyImage();
    int hash = KeyHash.of(image, rows.keyIndexes());
    if (!context.keyGroups().contains(KeyGroups.ofHash(hash))) {
      // Its index entry is with another task: going on would leave the superseded row alive.
      throw new IllegalStateException(
          "Task " + context.subtask() + " got a row of " + lakeTable.id() + " it does not own");
    }
    byte[] key = rows.encoder().encode(image, hash);
    if (change.operation() == Operation.DELETE) {
      buffer.put(key, hash, null, rows.mapping(), TOMBSTONE_BYTES + key.length);
    } else {
      int bytes = rows.mapping().sizeInBytes(image) + key.length;
      buffer.put(key, hash, image, rows.mapping(), bytes);
    }
  }

  private Compiled compiledFor(TableSchema schema) {
    if (schema != lastSchema) {
      lastCompiled =
          compiled.computeIfAbsent(
              schema,
              s ->
                  new Compiled(
                      RowMapping.of(s, files.layout()),
                      new KeyEncoder(lakeTable.id(), s),
                      s.keyIndexes()));
      lastSchema = schema;
    }
    return lastCompiled;
  }

  @Override
  public int bufferedRows() {
    return buffer.count();
  }

  @Override
  public long bufferedBytes() {
    return buffer.bytes();
  }

  @Override
  public void flush() {
    if (buffer.count() == 0) {
      return;
    }
    ensureIndexed();
    RowBuffer.Entry[] byValues = buffer.sorted();
    RowBuffer.Entry[] byKey = byKeyGroup(byValues);
    int count = byKey.length;
    byte[][] keys = new byte[count][];
    for (int i = 0; i < count; i++) {
      keys[i] = byKey[i].key;
    }
    long[] locations = new long[count];
    index.lookup(keys, count, locations);
    writeRows(byValues);
    int changed = 0;
    for (int i = 0; i < count; i++) {
      boolean known = locations[i] != RowLocation.NONE;
      if (known) {
        superseded.add(locations[i]);
      }
      if (known || byKey[i].row != null) {
        keys[changed] = keys[i];
        locations[changed] = byKey[i].row == null ? RowLocation.NONE : byKey[i].location;
        changed++;
      }
    }
    index.update(keys, changed, locations);
    buffer.clear();
  }

  /** The same entries in ascending order of whole keys; they begin with the key group. */
  private static RowBuffer.Entry[] byKeyGroup(RowBuffer.Entry[] byValues) {
    int[] next = new int[KeyGroups.COUNT + 1];
    for (RowBuffer.Entry entry : byValues) {
      next[KeyGroups.ofHash(entry.hash) + 1]++;
    }
    for (int group = 1; group <= KeyGroups.COUNT; group++) {
      next[group] += next[group - 1];
    }
    RowBuffer.Entry[] sorted = new RowBuffer.Entry[byValues.length];
    for (RowBuffer.Entry entry : byValues) {
      sorted[next[KeyGroups.ofHash(entry.hash)]++] = entry;
    }
    return sorted;
  }

  private void writeRows(RowBuffer.Entry[] byValues) {
    RowBuffer.Entry[] rows = byValues;
    if (partitioner.isPartitioned()) {
      partitioner.reset();
      for (RowBuffer.Entry entry : byValues) {
        if (entry.row != null) {
          entry.partition = partitioner.numberOf(view.show(entry.row, entry.mapping));
        }
      }
      rows = byValues.clone();
      // Stable, so rows stay sorted by key within their partition.
      Arrays.sort(rows, Comparator.comparingInt(entry -> entry.partition));
    }
    OpenDataFile file = null;
    int partition = -1;
    for (RowBuffer.Entry entry : rows) {
      if (entry.row == null) {
        continue;
      }
      if (file == null || entry.partition != partition) {
        partition = entry.partition;
        file = files.fileFor(partitioner.partition(partition));
      }
      entry.location = file.write(view.show(entry.row, entry.mapping));
      if (file.isFull()) {
        files.finish(file);
        file = null;
      }
    }
  }

  /** Makes the index know every row that the table has from before this life. */
  private void ensureIndexed() {
    if (indexed) {
      return;
    }
    int[] keyColumnIds = keyColumnIds();
    if (!index.isComplete(lakeTable.table().uuid(), keyColumnIds)) {
      new IndexRebuilder(lakeTable, files.layout(), context.keyGroups(), index, indexReaders)
          .rebuild();
      index.markComplete(lakeTable.table().uuid(), keyColumnIds);
    } else {
      repointer.repointInherited(files.layout());
    }
    indexed = true;
  }

  @Override
  public void repoint(int rows) {
    if (indexed) {
      repointer.step(files.layout(), checkpointId, rows);
    }
  }

  private int[] keyColumnIds() {
    TableLayout layout = files.layout();
    return layout.source().primaryKey().stream()
        .mapToInt(name -> layout.schema().asStruct().field(name).fieldId())
        .toArray();
  }

  @Override
  public void useLayout(TableLayout layout) {
    flush();
    repointer.close(); // goes on with the new layout's key
    files.useLayout(layout);
    index.useLayout(layout.source());
    partitioner = new Partitioner(layout);
    compiled.clear();
    lastSchema = null;
  }

  @Override
  public void truncate() {
    buffer.clear();
    files.discard();
    superseded.clear();
    index.clear();
    index.markComplete(lakeTable.table().uuid(), keyColumnIds());
    indexed = true;
  }

  @Override
  public Written handOver(long endedCheckpointId) {
    // Also without a row: the next life trusts the state of this checkpoint.
    ensureIndexed();
    flush();
    lakeTable.files().relocations().ready(context.subtask(), endedCheckpointId);
    checkpointId = endedCheckpointId + 1;
    return new Written(files.handOver(endedCheckpointId), superseded.handOver());
  }

  @Override
  public void discard() {
    repointer.close();
    buffer.clear();
    superseded.clear();
    files.discard();
  }
}
