package io.firn.runtime.state.rocksdb;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * The local working files of one life of a pipeline, under {@code <state directory>/epoch-<n>}.
 *
 * <p>A lock file inside says that somebody works here. It is a courtesy, for a second instance that
 * was started by mistake on the same machine: it must not remove the files under the feet of the
 * first, which is about to be fenced in an orderly way.
 */
final class WorkingDirectory implements AutoCloseable {
  private static final String PREFIX = "epoch-";
  private static final String LOCK = "in-use";

  private final Path path;
  private final FileChannel lockFile;

  private WorkingDirectory(Path path, FileChannel lockFile) {
    this.path = path;
    this.lockFile = lockFile;
  }

  /** Makes a fresh, empty directory and removes those of lives that have ended. */
  static WorkingDirectory create(Path stateDirectory, long epoch) throws IOException {
    OwnerOnly.createDirectories(stateDirectory);
    removeAbandoned(stateDirectory);
    Path path = stateDirectory.resolve(PREFIX + epoch);
    Directories.delete(path);
    OwnerOnly.createDirectories(path);
    FileChannel lockFile = openLock(path);
    try {
      tryLock(lockFile);
    } catch (IOException e) {
      lockFile.close();
      throw e;
    }
    return new WorkingDirectory(path, lockFile);
  }

  Path path() {
    return path;
  }

  private static void removeAbandoned(Path stateDirectory) throws IOException {
    List<Path> lives;
    try (Stream<Path> entries = Files.list(stateDirectory)) {
      lives = entries.filter(p -> p.getFileName().toString().startsWith(PREFIX)).toList();
    }
    for (Path life : lives) {
      boolean abandoned;
      try (FileChannel lockFile = openLock(life)) {
        abandoned = tryLock(lockFile) != null;
      } catch (IOException e) {
        abandoned = false;
      }
      if (abandoned) {
        Directories.deleteQuietly(life);
      }
    }
  }

  private static FileChannel openLock(Path directory) throws IOException {
    Path lock = directory.resolve(LOCK);
    return FileChannel.open(
        lock,
        Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE),
        OwnerOnly.ofNewFile(lock));
  }

  /** The lock, or null if another process, or another pipeline in this one, has it. */
  private static FileLock tryLock(FileChannel lockFile) throws IOException {
    try {
      return lockFile.tryLock();
    } catch (OverlappingFileLockException e) {
      return null;
    }
  }

  @Override
  public void close() {
    Directories.deleteQuietly(path);
    try {
      lockFile.close();
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }
}
