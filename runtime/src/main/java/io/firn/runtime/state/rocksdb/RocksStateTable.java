package io.firn.runtime.state.rocksdb;

import io.firn.model.state.StateTable;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.function.BiConsumer;
import org.rocksdb.ColumnFamilyHandle;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;
import org.rocksdb.RocksIterator;
import org.rocksdb.WriteBatch;

/** A state table in a column family of its own. */
final class RocksStateTable implements StateTable {
  /** Larger batches only cost memory. */
  private static final int BATCH_KEYS = 16_384;

  /** Sorted batches of this size are worth a file of their own. */
  private static final int FILE_KEYS = 20_000;

  private final RocksStateStore store;
  private final RocksDB database;
  private final ColumnFamilyHandle family;
  private final RocksResources resources;

  RocksStateTable(
      RocksStateStore store,
      RocksDB database,
      ColumnFamilyHandle family,
      RocksResources resources) {
    this.store = store;
    this.database = database;
    this.family = family;
    this.resources = resources;
  }

  @Override
  public byte[] get(byte[] key) {
    try {
      return database.get(family, resources.read, key);
    } catch (RocksDBException e) {
      throw store.failed("read", e);
    }
  }

  @Override
  public byte[][] getAll(byte[][] keys) {
    try {
      List<byte[]> values =
          database.multiGetAsList(
              resources.read, Collections.nCopies(keys.length, family), Arrays.asList(keys));
      return values.toArray(new byte[keys.length][]);
    } catch (RocksDBException e) {
      throw store.failed("read", e);
    }
  }

  @Override
  public void put(byte[] key, byte[] value) {
    store.changed();
    try {
      database.put(family, resources.write, key, value);
    } catch (RocksDBException e) {
      throw store.failed("write", e);
    }
  }

  @Override
  public void delete(byte[] key) {
    store.changed();
    try {
      database.delete(family, resources.write, key);
    } catch (RocksDBException e) {
      throw store.failed("write", e);
    }
  }

  @Override
  public void putAll(byte[][] keys, byte[][] values, int count) {
    if (count > 0) {
      store.changed();
    }
    for (int from = 0; from < count; from += BATCH_KEYS) {
      int size = Math.min(BATCH_KEYS, count - from);
      byte[] encoded = WriteBatchEncoder.encode(family.getID(), keys, values, from, size);
      try (WriteBatch batch = new WriteBatch(encoded)) {
        database.write(resources.write, batch);
      } catch (RocksDBException e) {
        throw store.failed("write", e);
      }
    }
  }

  @Override
  public void putAllSorted(byte[][] keys, byte[][] values, int count) {
    if (count < FILE_KEYS) {
      putAll(keys, values, count);
      return;
    }
    store.changed();
    try {
      store.sortedFiles().write(family, keys, values, count);
    } catch (RocksDBException e) {
      throw store.failed("write", e);
    }
  }

  @Override
  public void deleteRange(byte[] from, byte[] to) {
    if (Arrays.compareUnsigned(from, to) >= 0) {
      return; // RocksDB would refuse
    }
    store.changed();
    try {
      database.deleteRange(family, resources.write, from, to);
    } catch (RocksDBException e) {
      throw store.failed("write", e);
    }
  }

  @Override
  public void forEach(byte[] prefix, BiConsumer<byte[], byte[]> visitor) {
    try (RocksIterator rows = database.newIterator(family, resources.scan)) {
      for (rows.seek(prefix); rows.isValid(); rows.next()) {
        byte[] key = rows.key();
        if (key.length < prefix.length
            || !Arrays.equals(key, 0, prefix.length, prefix, 0, prefix.length)) {
          break;
        }
        visitor.accept(key, rows.value());
      }
      rows.status();
    } catch (RocksDBException e) {
      throw store.failed("read", e);
    }
  }
}
