package io.firn.lake.write;

import io.firn.lake.index.KeyEncoder;
import io.firn.lake.index.KeyIndexes;
import io.firn.lake.index.KeyTimes;
import io.firn.lake.index.RowLocation;
import io.firn.lake.index.TieredKeyIndex;
import io.firn.lake.table.LakeTable;
import io.firn.lake.table.TableLayout;
import io.firn.model.error.UnsupportedChangeException;
import io.firn.model.row.Operation;
import io.firn.model.row.Row;
import io.firn.model.row.RowChange;
import io.firn.model.schema.TableId;
import io.firn.model.sink.WriterContext;
import java.util.ArrayList;
import java.util.List;

/**
 * Keeps every version of every row. A change ends the current version: its row is superseded by one
 * that says when it ended, made from the change's before image.
 *
 * <p><b>Time</b>: a change happens when the source logged it, but never before the last change of
 * its key: so versions follow each other without a gap where the row was there, and without
 * overlap, also if the source's clock goes back. The time of a key's last change is in the state
 * ({@link KeyTimes}), and in the table itself, from which it is rebuilt.
 *
 * <p>Changes wait in memory, and the keys' places and times are looked up for all of them at once.
 *
 * <p><b>Invariant</b>: after a flush the index has the location of every current version of the
 * task's key groups, and the times are those of every key that has or had a row.
 *
 * <p><b>Threading</b>: one thread.
 */
final class HistoryTableWriter implements TableWriter {
  private static final int CHANGE_BYTES = 48;

  /** A change of a key that waits to be written; linked to the next one of the same key. */
  private static final class Change {
    private final Operation operation;

    /** The row before; null for an insert, and where the change before it says the same. */
    private final Row before;

    private final Row after;
    private final RowMapping mapping;
    private final long micros;
    private Change next;

    Change(Operation operation, Row before, Row after, RowMapping mapping, long micros) {
      this.operation = operation;
      this.before = before;
      this.after = after;
      this.mapping = mapping;
      this.micros = micros;
    }
  }

  /** A key and its changes. */
  private static final class Entry extends RowBuffer.Entry {
    private Change first;
    private Change last;

    /** Where the current version is before the changes. */
    private long place;

    /** When the key's last change was. */
    private long time;

    /** The current version after the changes, or null. */
    private Version current;

    Entry(byte[] key, int hash, long order) {
      super(key, hash, order);
    }
  }

  /** A version that waits to be written. */
  private static final class Version extends PendingRow {
    static final long OPEN = Long.MAX_VALUE;

    private final long from;
    private long to = OPEN;

    Version(Row row, RowMapping mapping, long from) {
      this.row = row;
      this.mapping = mapping;
      this.from = from;
    }

    @Override
    RowView show(RowView view) {
      return view.show(row, mapping, from, to == OPEN ? null : (Long) to, to == OPEN);
    }
  }

  private final TableId table;
  private final TableFiles files;
  private final KeyTimes times;
  private final KeyedRows keys;
  private final TieredKeyIndex index;
  private final RowDistribution distribution;
  private final RowBuffer<Entry> buffer =
      new RowBuffer<>(KeyEncoder.VALUES_OFFSET, Entry::new, Entry[]::new);
  private final SupersededRows superseded = new SupersededRows();
  private int bufferedChanges;
  private long snapshotMicros;

  HistoryTableWriter(
      LakeTable lakeTable,
      WriterContext context,
      OpenFiles openFiles,
      KeyIndexes indexes,
      int indexReaders) {
    this.table = lakeTable.id();
    this.files = new TableFiles(lakeTable, context, openFiles);
    this.times =
        new KeyTimes(
            context.state().table(KeyTimes.STATE_TABLE), lakeTable.id(), context.keyGroups());
    this.keys = new KeyedRows(lakeTable, context, indexes, times, indexReaders);
    this.index = keys.index();
    this.distribution = new RowDistribution(files);
  }

  @Override
  public void write(RowChange change) {
    KeyedRows.Compiled rows = keys.compiledFor(change.schema());
    Row image = change.keyImage();
    int hash = keys.hash(rows, image);
    long micros = change.meta().commitTimestampMicros();
    if (micros == 0 && change.operation() == Operation.READ) {
      micros = snapshotMicros;
    }
    add(
        rows.encoder().encode(image, hash),
        hash,
        change.operation(),
        change.before(),
        change.after(),
        rows.mapping(),
        micros);
  }

  private void add(
      byte[] key,
      int hash,
      Operation operation,
      Row before,
      Row after,
      RowMapping mapping,
      long micros) {
    Entry entry = buffer.entry(key, hash);
    // Before images of later changes are the rows of the changes before them.
    Row ended = entry.last == null ? before : null;
    Change change = new Change(operation, ended, after, mapping, micros);
    int bytes = CHANGE_BYTES;
    bytes += ended == null ? 0 : mapping.sizeInBytes(ended);
    bytes += after == null ? 0 : mapping.sizeInBytes(after);
    if (entry.last == null) {
      entry.first = change;
      bytes += key.length;
    } else {
      entry.last.next = change;
    }
    entry.last = change;
    buffer.addBytes(entry, bytes);
    bufferedChanges++;
  }

  @Override
  public int bufferedRows() {
    return bufferedChanges;
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
    Entry[] byValues = buffer.sorted();
    Entry[] byKey = KeyedRows.byKeyGroup(byValues);
    int count = byKey.length;
    byte[][] changedKeys = new byte[count][];
    for (int i = 0; i < count; i++) {
      changedKeys[i] = byKey[i].key;
    }
    long[] locations = new long[count];
    index.lookup(changedKeys, count, locations);
    long[] lastTimes = times.lookup(changedKeys);
    for (int i = 0; i < count; i++) {
      byKey[i].place = locations[i];
      byKey[i].time = lastTimes[i];
    }
    List<Version> versions = new ArrayList<>(bufferedChanges + count);
    for (Entry entry : byValues) {
      resolve(entry, versions);
    }
    distribution.write(versions.toArray(Version[]::new));
    updateIndex(byKey, changedKeys, locations, lastTimes);
    clearBuffer();
  }

  /** Turns the changes of a key into versions, in order. */
  private void resolve(Entry entry, List<Version> versions) {
    boolean exists = entry.place != RowLocation.NONE;
    long time = entry.time;
    Version open = null;
    for (Change change = entry.first; change != null; change = change.next) {
      if (change.operation == Operation.DELETE && !exists) {
        continue; // of a row from before the pipeline's start
      }
      long begun = time;
      time = Math.max(time, change.micros);
      if (change.operation == Operation.UPDATE || change.operation == Operation.DELETE) {
        if (open == null && exists) {
          open = new Version(change.before, change.mapping, begun);
          versions.add(open);
        }
        if (open != null) {
          open.to = time;
        }
      } else if (exists) {
        throw new UnsupportedChangeException(
            "The history of "
                + table
                + " cannot be kept: a row was inserted with the key of a row that is there already;"
                + " give the table 'primary-keys' that no two rows share, or another"
                + " 'write.mode' and another target");
      }
      open = null;
      exists = change.after != null;
      if (exists) {
        open = new Version(change.after, change.mapping, time);
        versions.add(open);
      }
    }
    entry.time = time;
    entry.current = open;
  }

  private void updateIndex(
      Entry[] byKey, byte[][] changedKeys, long[] locations, long[] lastTimes) {
    byte[][] indexKeys = new byte[byKey.length][];
    int changed = 0;
    for (int i = 0; i < byKey.length; i++) {
      Entry entry = byKey[i];
      lastTimes[i] = entry.time;
      boolean known = entry.place != RowLocation.NONE;
      if (known) {
        superseded.add(entry.place);
      }
      if (known || entry.current != null) {
        indexKeys[changed] = entry.key;
        locations[changed] = entry.current == null ? RowLocation.NONE : entry.current.location;
        changed++;
      }
    }
    index.update(indexKeys, changed, locations);
    times.update(changedKeys, lastTimes);
  }

  private void clearBuffer() {
    buffer.clear();
    bufferedChanges = 0;
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

  /** Every row is deleted: its current version ends. */
  @Override
  public boolean truncate(long commitMicros) {
    keys.ensureIndexed();
    flush();
    files.finishAll();
    LiveRows live = keys.liveRows();
    live.forEach(
        row -> {
          // A row that was moved meanwhile is met twice.
          if (buffer.entry(row.key(), row.hash()).last == null) {
            add(
                row.key(),
                row.hash(),
                Operation.DELETE,
                row.row(),
                null,
                live.mapping(),
                commitMicros);
          }
        },
        this::limitBuffer);
    return false;
  }

  private void limitBuffer() {
    if (bufferedChanges >= LiveRows.BUFFERED_ROWS || buffer.bytes() >= LiveRows.BUFFERED_BYTES) {
      flush();
    }
  }

  @Override
  public void empty(long newSnapshotMicros) {
    snapshotMicros = newSnapshotMicros;
    clearBuffer();
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
    clearBuffer();
    superseded.clear();
    files.discard();
  }
}
