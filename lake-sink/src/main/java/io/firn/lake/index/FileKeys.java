package io.firn.lake.index;

import io.firn.lake.table.DataFileRef;
import io.firn.lake.table.LakeTable;
import io.firn.lake.table.TableLayout;
import io.firn.lake.table.ValidityColumns;
import io.firn.lake.table.WriteMode;
import io.firn.model.row.KeyHash;
import io.firn.model.row.Row;
import io.firn.model.schema.Column;
import io.firn.model.schema.TableSchema;
import io.firn.model.state.KeyGroupRange;
import io.firn.model.state.KeyGroups;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.iceberg.Schema;
import org.apache.iceberg.StructLike;
import org.apache.iceberg.data.parquet.InternalReader;
import org.apache.iceberg.deletes.PositionDeleteIndex;
import org.apache.iceberg.io.CloseableIterable;
import org.apache.iceberg.io.CloseableIterator;
import org.apache.iceberg.parquet.Parquet;
import org.apache.iceberg.types.Types;

/**
 * The keys of one data file, as far as one task owns them, batch by batch.
 *
 * <p><b>Threading</b>: one thread.
 */
final class FileKeys implements AutoCloseable {
  private final DataFileRef file;
  private final PositionDeleteIndex deleted;
  private final KeyGroupRange keyGroups;
  private final TableSchema keyLayout;
  private final int[] keyIndexes;
  private final KeyEncoder encoder;
  private final CloseableIterable<StructLike> rows;
  private final CloseableIterator<StructLike> remaining;
  private long position;

  /** Whether a key may have several rows, of which one at most is current. */
  private final boolean hasVersions;

  private record Entry(byte[] key, long location) {}

  /**
   * A batch, in ascending order of its keys.
   *
   * @param keys of the rows; in a history those of current versions only
   * @param locations of the rows
   * @param timedKeys in a history: the keys of all versions, distinct and ascending
   * @param times in a history, for each of them: the latest time at which one of its versions ended
   *     or, if it is current, began
   */
  record Batch(byte[][] keys, long[] locations, byte[][] timedKeys, long[] times) {}

  /**
   * Opens a file.
   *
   * @param layout the table's layout; the key is that of {@code layout.source()}
   * @param deleted rows to leave out
   */
  FileKeys(
      LakeTable table,
      TableLayout layout,
      DataFileRef file,
      PositionDeleteIndex deleted,
      KeyGroupRange keyGroups) {
    this.file = file;
    this.deleted = deleted;
    this.keyGroups = keyGroups;
    List<Types.NestedField> fields = new ArrayList<>();
    List<Column> columns = new ArrayList<>();
    for (String name : layout.source().primaryKey()) {
      Types.NestedField field = layout.schema().asStruct().field(name);
      fields.add(field);
      columns.add(Column.of(name, field.type(), field.isOptional()));
    }
    this.hasVersions = layout.mode() == WriteMode.HISTORY;
    if (hasVersions) {
      for (Types.NestedField field : ValidityColumns.ALL) {
        fields.add(layout.schema().asStruct().field(field.name()));
      }
    }
    Schema keySchema = new Schema(fields);
    this.keyLayout =
        new TableSchema(layout.source().table(), columns, layout.source().primaryKey());
    this.keyIndexes = keyLayout.keyIndexes();
    this.encoder = new KeyEncoder(table.id(), keyLayout);
    this.rows =
        Parquet.read(table.table().io().newInputFile(file.path()))
            .project(keySchema)
            .createReaderFunc(fileSchema -> InternalReader.create(keySchema, fileSchema))
            .reuseContainers()
            .build();
    this.remaining = rows.iterator();
  }

  /**
   * The next keys; null after the last ones.
   *
   * @param limit how many rows to look at
   */
  Batch next(int limit) {
    if (!remaining.hasNext()) {
      return null;
    }
    List<Entry> entries = new ArrayList<>();
    TreeMap<byte[], Long> times = new TreeMap<>(Arrays::compareUnsigned);
    for (int i = 0; i < limit && remaining.hasNext(); i++) {
      StructLike struct = remaining.next();
      if (deleted.isDeleted(position)) {
        position++;
        continue;
      }
      Object[] values = new Object[keyIndexes.length];
      for (int k = 0; k < values.length; k++) {
        values[k] = struct.get(k, Object.class);
      }
      Row row = Row.wrap(values);
      int hash = KeyHash.of(row, keyIndexes);
      if (keyGroups.contains(KeyGroups.ofHash(hash))) {
        byte[] key = encoder.encode(row, hash);
        if (!hasVersions || noteTime(key, struct, times)) {
          entries.add(new Entry(key, RowLocation.of(file.fileId(), position)));
        }
      }
      position++;
    }
    entries.sort((a, b) -> Arrays.compareUnsigned(a.key(), b.key()));
    byte[][] keys = new byte[entries.size()][];
    long[] locations = new long[keys.length];
    for (int i = 0; i < keys.length; i++) {
      keys[i] = entries.get(i).key();
      locations[i] = entries.get(i).location();
    }
    return new Batch(
        keys,
        locations,
        times.keySet().toArray(byte[][]::new),
        times.values().stream().mapToLong(Long::longValue).toArray());
  }

  /** Notes when a version began or ended; returns whether it is the current one. */
  private boolean noteTime(byte[] key, StructLike struct, Map<byte[], Long> times) {
    int first = keyIndexes.length;
    boolean current = Boolean.TRUE.equals(struct.get(first + 2, Boolean.class));
    Long time = struct.get(current ? first : first + 1, Long.class);
    if (time != null) {
      times.merge(key, time, Math::max);
    }
    return current;
  }

  @Override
  public void close() {
    try (rows) {
      remaining.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
