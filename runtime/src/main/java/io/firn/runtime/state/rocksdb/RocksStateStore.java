package io.firn.runtime.state.rocksdb;

import io.firn.model.error.RetryableException;
import io.firn.model.state.StateTable;
import io.firn.runtime.state.KeyedStateStore;
import io.firn.runtime.state.StateFile;
import io.firn.runtime.state.StateSnapshot;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.rocksdb.Checkpoint;
import org.rocksdb.ColumnFamilyDescriptor;
import org.rocksdb.ColumnFamilyHandle;
import org.rocksdb.DBOptions;
import org.rocksdb.Options;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;

/**
 * One task's state in a RocksDB database of its own: a column family per table, no write-ahead log.
 *
 * <p><b>Invariants</b>: the working files are worth nothing; what counts is in the checkpoint
 * storage. A snapshot without any change since the one before refers to the same stored files.
 *
 * <p><b>Threading</b>: the task's thread only; snapshots are handed to another one.
 */
final class RocksStateStore implements KeyedStateStore {
  private static final Pattern TABLE_NAME = Pattern.compile("[a-z0-9-]+");

  private final RocksResources resources;
  private final Path directory;
  private final StoredFiles stored;
  private final RocksDB database;
  private final Map<String, ColumnFamilyHandle> families = new HashMap<>();
  private final Map<String, StateTable> tables = new HashMap<>();
  private final SortedFileWriter sortedFiles;
  private boolean changed;
  private boolean closed;

  /**
   * Opens the database in {@code directory/db}, which is created if it is not there.
   *
   * @param stored what of it is in the checkpoint storage already
   */
  RocksStateStore(RocksResources resources, Path directory, StoredFiles stored)
      throws RocksDBException, IOException {
    this.resources = resources;
    this.directory = directory;
    this.stored = stored;
    Path path = OwnerOnly.createDirectories(databaseDirectory(directory));
    this.changed = stored.isEmpty();
    List<ColumnFamilyDescriptor> descriptors = new ArrayList<>();
    for (byte[] name : familyNames(path)) {
      descriptors.add(new ColumnFamilyDescriptor(name, resources.table));
    }
    List<ColumnFamilyHandle> handles = new ArrayList<>();
    try (DBOptions options = new DBOptions(resources.database)) {
      database = RocksDB.open(options, path.toString(), descriptors, handles);
    }
    sortedFiles = new SortedFileWriter(database, directory, resources);
    for (int i = 0; i < handles.size(); i++) {
      families.put(
          new String(descriptors.get(i).getName(), StandardCharsets.UTF_8), handles.get(i));
    }
  }

  /** Where the database of a store lies. */
  static Path databaseDirectory(Path directory) {
    return directory.resolve("db");
  }

  static List<byte[]> familyNames(Path path) throws RocksDBException {
    try (Options options = new Options()) {
      List<byte[]> names = RocksDB.listColumnFamilies(options, path.toString());
      return names.isEmpty() ? List.of(RocksDB.DEFAULT_COLUMN_FAMILY) : names;
    }
  }

  @Override
  public StateTable table(String name) {
    return tables.computeIfAbsent(name, this::openTable);
  }

  private StateTable openTable(String name) {
    if (!TABLE_NAME.matcher(name).matches() || name.equals("default")) {
      throw new IllegalArgumentException("Bad name of a state table: '" + name + "'");
    }
    ColumnFamilyHandle family = families.get(name);
    if (family == null) {
      changed = true;
      try {
        family =
            database.createColumnFamily(
                new ColumnFamilyDescriptor(name.getBytes(StandardCharsets.UTF_8), resources.table));
      } catch (RocksDBException e) {
        throw failed("create a table in", e);
      }
      families.put(name, family);
    }
    return new RocksStateTable(this, database, family, resources);
  }

  SortedFileWriter sortedFiles() {
    return sortedFiles;
  }

  void changed() {
    changed = true;
  }

  RetryableException failed(String action, RocksDBException cause) {
    return new RetryableException(
        "Cannot "
            + action
            + " the local state in '"
            + directory
            + "': "
            + cause.getMessage()
            + "; check the disk (space, permissions).",
        cause);
  }

  @Override
  public StateSnapshot snapshot(long checkpointId) {
    if (!changed) {
      return new UnchangedSnapshot(stored);
    }
    Path target = directory.resolve("snapshot-" + checkpointId);
    try (Checkpoint checkpoint = Checkpoint.create(database)) {
      // Without a log, what is not in a file would not be in the snapshot.
      database.flush(resources.flush, List.copyOf(families.values()));
      checkpoint.createCheckpoint(target.toString());
    } catch (RocksDBException e) {
      throw failed("snapshot", e);
    }
    changed = false;
    return new RocksSnapshot(target, checkpointId, stored);
  }

  @Override
  public void close() {
    if (closed) {
      return;
    }
    closed = true;
    tables.clear();
    sortedFiles.close();
    families.values().forEach(ColumnFamilyHandle::close);
    database.close();
    Directories.deleteQuietly(directory);
  }

  /** The files of the latest snapshot again. */
  private record UnchangedSnapshot(StoredFiles stored) implements StateSnapshot {
    @Override
    public List<StateFile> store(io.firn.model.checkpoint.CheckpointStorage storage) {
      return stored.latest();
    }

    @Override
    public void close() {}
  }
}
