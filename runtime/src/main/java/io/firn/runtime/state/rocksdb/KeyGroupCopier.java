package io.firn.runtime.state.rocksdb;

import io.firn.model.state.KeyGroupRange;
import io.firn.model.state.StateTable;
import io.firn.runtime.state.KeyedStateStore;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.rocksdb.ColumnFamilyDescriptor;
import org.rocksdb.ColumnFamilyHandle;
import org.rocksdb.DBOptions;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;
import org.rocksdb.RocksIterator;

/** Reads the store of another parallelism and copies ranges of key groups out of it. */
final class KeyGroupCopier implements AutoCloseable {
  private static final int BATCH_KEYS = 100_000;

  private final RocksResources resources;
  private final DBOptions options;
  private final RocksDB database;
  private final List<ColumnFamilyDescriptor> descriptors = new ArrayList<>();
  private final List<ColumnFamilyHandle> families = new ArrayList<>();

  KeyGroupCopier(RocksResources resources, Path databaseDirectory) throws RocksDBException {
    this.resources = resources;
    for (byte[] name : RocksStateStore.familyNames(databaseDirectory)) {
      descriptors.add(new ColumnFamilyDescriptor(name, resources.table));
    }
    options = new DBOptions(resources.database);
    database = RocksDB.openReadOnly(options, databaseDirectory.toString(), descriptors, families);
  }

  /** Copies every key of these key groups, and creates every table. */
  void copy(KeyGroupRange keyGroups, KeyedStateStore target) throws RocksDBException {
    for (int i = 0; i < families.size(); i++) {
      String name = new String(descriptors.get(i).getName(), StandardCharsets.UTF_8);
      if (!name.equals("default")) {
        copy(families.get(i), keyGroups, target.table(name));
      }
    }
  }

  private void copy(ColumnFamilyHandle family, KeyGroupRange keyGroups, StateTable target)
      throws RocksDBException {
    byte[][] keys = new byte[BATCH_KEYS][];
    byte[][] values = new byte[BATCH_KEYS][];
    int count = 0;
    try (RocksIterator rows = database.newIterator(family, resources.scan)) {
      for (rows.seek(prefixOf(keyGroups.start())); rows.isValid(); rows.next()) {
        byte[] key = rows.key();
        if (keyGroupOf(key) >= keyGroups.end()) {
          break;
        }
        keys[count] = key;
        values[count] = rows.value();
        count++;
        if (count == BATCH_KEYS) {
          target.putAllSorted(keys, values, count);
          count = 0;
        }
      }
      rows.status();
    }
    target.putAllSorted(keys, values, count);
  }

  private static byte[] prefixOf(int keyGroup) {
    return new byte[] {(byte) (keyGroup >>> 8), (byte) keyGroup};
  }

  private static int keyGroupOf(byte[] key) {
    return (key[0] & 0xff) << 8 | (key[1] & 0xff);
  }

  @Override
  public void close() {
    families.forEach(ColumnFamilyHandle::close);
    database.close();
    options.close();
  }
}
