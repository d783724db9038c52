package io.firn.lake.write;

import io.firn.lake.index.KeyEncoder;
import io.firn.lake.index.KeyIndexes;
import io.firn.lake.index.RowLocation;
import io.firn.lake.index.TieredKeyIndex;
import io.firn.lake.table.LakeTable;
import io.firn.lake.table.TableLayout;
import io.firn.lake.table.WriteMode;
import io.firn.model.row.Operation;
import io.firn.model.row.Row;
import io.firn.model.row.RowChange;
import io.firn.model.sink.WriterContext;

/**
 * Keeps one row per key: writes the latest rows, and says which earlier rows they supersede. In
 * soft-delete mode the row of a deleted key is its last image with a mark.
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
  private static final int TOMBSTONE_BYTES = 80;

  private final boolean softDelete;
  private final TableFiles files;
  private final KeyedRows keys;
  private final TieredKeyIndex index;
  private final RowDistribution distribution;
  private final RowBuffer<RowBuffer.Entry> buffer =
      new RowBuffer<>(KeyEncoder.VALUES_OFFSET, RowBuffer.Entry::new, RowBuffer.Entry[]::new);
  private final SupersededRows superseded = new SupersededRows();

  UpsertTableWriter(
      LakeTable lakeTable,
      WriterContext context,
      OpenFiles openFiles,
      KeyIndexes indexes,
      int indexReaders) {
    this.softDelete = lakeTable.initialLayout().mode() == WriteMode.SOFT_DELETE;
    this.files = new TableFiles(lakeTable, context, openFiles);
    this.keys = new KeyedRows(lakeTable, context, indexes, null, indexReaders);
    this.index = keys.index();
    this.distribution = new RowDistribution(files);
  }

  @Override
  public void write(RowChange change) {
    KeyedRows.Compiled rows = keys.compiledFor(change.schema());
    Row image = change.keyImage();
    int hash = keys.hash(rows, image);
    byte[] key = rows.encoder().encode(image, hash);
    boolean deleted = change.operation() == Operation.DELETE;
    if (deleted && !softDelete) {
      buffer.put(key, hash, null, rows.mapping(), TOMBSTONE_BYTES + key.length);
      return;
    }
    int bytes = rows.mapping().sizeInBytes(image) + key.length;
    if (deleted) {
      long at = change.meta().commitTimestampMicros();
      buffer.put(key, hash, image, rows.mapping(), bytes, at);
    } else {
      buffer.put(key, hash, image, rows.mapping(), bytes);
    }
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
    keys.ensureIndexed();
    RowBuffer.Entry[] byValues = buffer.sorted();
    RowBuffer.Entry[] byKey = KeyedRows.byKeyGroup(byValues);
    int count = byKey.length;
    byte[][] changedKeys = new byte[count][];
    for (int i = 0; i < count; i++) {
      changedKeys[i] = byKey[i].key;
    }
    long[] locations = new long[count];
    index.lookup(changedKeys, count, locations);
    distribution.write(byValues);
    int changed = 0;
    for (int i = 0; i < count; i++) {
      boolean known = locations[i] != RowLocation.NONE;
      if (known) {
        superseded.add(locations[i]);
      }
      if (known || byKey[i].row != null) {
        changedKeys[changed] = changedKeys[i];
        locations[changed] = byKey[i].row == null ? RowLocation.NONE : byKey[i].location;
        changed++;
      }
    }
    index.update(changedKeys, changed, locations);
    buffer.clear();
  }

  @Override
  public void repoint(int rows) {
    keys.repoint(rows);
  }

  @Override
  public void useLayout(TableLayout layout) {
    flush();
    keys.useLayout(layout);
    files.useLayout(layout);
    distribution.useLayout(layout);
  }

  @Override
  public boolean truncate(long commitMicros) {
    if (!softDelete) {
      empty(commitMicros);
      return true;
    }
    keys.ensureIndexed();
    flush();
    files.finishAll();
    LiveRows live = keys.liveRows();
    live.forEach(
        row -> {
          if (!Boolean.TRUE.equals(row.firstAdded())) {
            int bytes = live.mapping().sizeInBytes(row.row()) + row.key().length;
            buffer.put(row.key(), row.hash(), row.row(), live.mapping(), bytes, commitMicros);
          }
        },
        this::limitBuffer);
    return false;
  }

  private void limitBuffer() {
    if (buffer.count() >= LiveRows.BUFFERED_ROWS || buffer.bytes() >= LiveRows.BUFFERED_BYTES) {
      flush();
    }
  }

  @Override
  public void empty(long snapshotMicros) {
    buffer.clear();
    files.discard();
    superseded.clear();
    keys.clear();
  }

  @Override
  public Written handOver(long endedCheckpointId) {
    // Also without a row: the next life trusts the state of this checkpoint.
    keys.ensureIndexed();
    flush();
    keys.handedOver(endedCheckpointId);
    return new Written(files.handOver(endedCheckpointId), superseded.handOver());
  }

  @Override
  public void discard() {
    keys.close();
    buffer.clear();
    superseded.clear();
    files.discard();
  }
}
