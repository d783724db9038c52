package io.firn.runtime.state.rocksdb;

import io.firn.model.checkpoint.CheckpointStorage;
import io.firn.runtime.state.Checksums;
import io.firn.runtime.state.StateFile;
import io.firn.runtime.state.StateSnapshot;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** A RocksDB checkpoint (hard links to the table files) that waits to be stored. */
final class RocksSnapshot implements StateSnapshot {
  private final Path directory;
  private final long checkpointId;
  private final StoredFiles stored;

  RocksSnapshot(Path directory, long checkpointId, StoredFiles stored) {
    this.directory = directory;
    this.checkpointId = checkpointId;
    this.stored = stored;
  }

  @Override
  public List<StateFile> store(CheckpointStorage storage) throws IOException {
    List<Path> paths;
    try (Stream<Path> entries = Files.list(directory)) {
      paths = entries.filter(path -> !isUnneeded(path)).sorted().toList();
    }
    List<StateFile> files = new ArrayList<>(paths.size());
    for (Path path : paths) {
      String localName = path.getFileName().toString();
      StateFile known = stored.table(localName);
      files.add(known != null ? known : storeNew(storage, path, localName));
    }
    stored.update(files);
    return List.copyOf(files);
  }

  private StateFile storeNew(CheckpointStorage storage, Path path, String localName)
      throws IOException {
    String objectName = stored.objectName(localName, checkpointId);
    // RocksDB creates its files for everybody, and the stored one may be a link to this one.
    OwnerOnly.restrict(path);
    Checksums.Sum sum = Checksums.of(path);
    storage.store(path, objectName);
    return new StateFile(localName, objectName, sum.sizeBytes(), sum.crc32c());
  }

  /** Diagnostics, and the write-ahead log, which is empty because it is not used. */
  private static boolean isUnneeded(Path path) {
    String name = path.getFileName().toString();
    return name.startsWith("LOG")
        || name.equals("LOCK")
        || name.equals("IDENTITY")
        || name.endsWith(".log");
  }

  @Override
  public void close() {
    Directories.deleteQuietly(directory);
  }
}
