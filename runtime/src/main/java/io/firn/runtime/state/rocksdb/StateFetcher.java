package io.firn.runtime.state.rocksdb;

import io.firn.model.checkpoint.CheckpointStorage;
import io.firn.runtime.state.Checksums;
import io.firn.runtime.state.CorruptStateException;
import io.firn.runtime.state.StateFile;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;

/**
 * Brings stored state files into a local directory and makes sure that they are what was stored.
 *
 * <p>RocksDB opens a database whose MANIFEST is truncated as an empty one, without an error
 * (measured); so nothing is opened before length and checksum of every file were compared.
 */
final class StateFetcher {
  private StateFetcher() {}

  static void fetch(CheckpointStorage storage, List<StateFile> files, Path directory)
      throws IOException, CorruptStateException {
    if (files.isEmpty()) {
      throw new CorruptStateException("The checkpoint lists no file of a task's state");
    }
    OwnerOnly.createDirectories(directory);
    for (StateFile file : files) {
      Path target = directory.resolve(file.localName());
      try {
        storage.fetch(file.objectName(), target);
      } catch (NoSuchFileException | FileNotFoundException e) {
        throw new CorruptStateException(
            "State file '" + file.objectName() + "' is missing in " + storage.location(), e);
      }
      Checksums.Sum sum = Checksums.of(target);
      if (sum.sizeBytes() != file.sizeBytes() || sum.crc32c() != file.crc32c()) {
        throw new CorruptStateException(
            String.format(
                "State file '%s' in %s is damaged: %d bytes with checksum %08x instead of %d with"
                    + " %08x",
                file.objectName(),
                storage.location(),
                sum.sizeBytes(),
                sum.crc32c(),
                file.sizeBytes(),
                file.crc32c()));
      }
    }
  }
}
