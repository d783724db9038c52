package io.firn.lake.catalog;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.apache.iceberg.LockManager;
import org.apache.iceberg.exceptions.CommitFailedException;

/**
 * Makes commits to a Hadoop catalog safe between processes.
 *
 * <p>On a local file system Iceberg's rename silently replaces its target, so two processes can
 * both believe that they wrote the same version: there the kernel's lock on a file keeps them
 * apart. HDFS and its like refuse an existing target themselves.
 *
 * <p>Everywhere a version is refused that the table has passed already: a process that slept for so
 * long that its version was written and removed again must not write it a second time. On HDFS,
 * where nothing keeps others from going on, that is asked again after the rename and before Iceberg
 * points the table at the version.
 *
 * <p>Loaded by Iceberg through the catalog property {@code lock-impl}.
 *
 * <p><b>Known gap</b>: a process that is suspended in the instant between that question and the
 * writing of the pointer, for more than the number of metadata files that are kept, points the
 * table at a file that is gone. Readers then fail; removing {@code version-hint.text} repairs it.
 *
 * <p><b>Assumptions</b>: all processes that commit to the catalog are Firn's or run on other
 * tables. The kernel frees the lock of a process that dies.
 *
 * <p><b>Threading</b>: thread-safe.
 */
public final class MetadataVersionLock implements LockManager {
  private static final long TIMEOUT_MILLIS = 30_000;
  private static final long INTERVAL_MILLIS = 20;

  private final ConcurrentMap<String, Held> held = new ConcurrentHashMap<>();

  private record Held(FileChannel channel, FileLock lock) {}

  /** For Iceberg. */
  public MetadataVersionLock() {}

  @Override
  public void initialize(Map<String, String> properties) {}

  /**
   * @param entityId location of the metadata file about to appear
   * @param ownerId the temporary file that will become it
   */
  @Override
  public boolean acquire(String entityId, String ownerId) {
    Path target = localPath(entityId);
    if (target == null) {
      return RemoteVersions.hinted(entityId) < version(entityId);
    }
    Path directory = target.getParent();
    long deadline = System.nanoTime() + TIMEOUT_MILLIS * 1_000_000;
    try {
      while (true) {
        Held attempt = tryLock(directory.resolve(".firn-commit-lock"));
        if (attempt != null) {
          if (hintedVersion(directory) >= version(entityId)) {
            attempt.channel().close();
            return false;
          }
          held.put(ownerId, attempt);
          return true;
        }
        if (System.nanoTime() - deadline > 0) {
          return false;
        }
        Thread.sleep(INTERVAL_MILLIS);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  private static Held tryLock(Path file) throws IOException {
    FileChannel channel =
        FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    try {
      FileLock lock = channel.tryLock();
      if (lock != null) {
        return new Held(channel, lock);
      }
    } catch (OverlappingFileLockException e) {
      // Held by another catalog object of this process.
    }
    channel.close();
    return null;
  }

  /**
   * Frees the lock.
   *
   * @throws CommitFailedException if others went on meanwhile, on a remote file system
   */
  @Override
  public boolean release(String entityId, String ownerId) {
    if (localPath(entityId) == null) {
      long reached = RemoteVersions.hinted(entityId);
      if (reached > version(entityId)) {
        throw new CommitFailedException(
            "The table is at version %s already, so %s came too late", reached, entityId);
      }
      return true;
    }
    Held lock = held.remove(ownerId);
    if (lock == null) {
      return true;
    }
    try {
      lock.channel().close();
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  private static Path localPath(String location) {
    // Hadoop's paths print themselves without any escapes, so this is no matter for a URI parser.
    String path = location.startsWith("file:") ? location.substring("file:".length()) : location;
    if (path.startsWith("//")) {
      path = path.substring(path.indexOf('/', 2));
    }
    return path.startsWith("/") ? Path.of(path) : null;
  }

  private static long version(String metadataFile) {
    String name = metadataFile.substring(metadataFile.lastIndexOf('/') + 1);
    int end = 1;
    while (end < name.length() && Character.isDigit(name.charAt(end))) {
      end++;
    }
    return name.startsWith("v") && end > 1 ? Long.parseLong(name, 1, end, 10) : Long.MAX_VALUE;
  }

  private static long hintedVersion(Path directory) {
    try {
      return Long.parseLong(
          Files.readString(directory.resolve("version-hint.text"), StandardCharsets.UTF_8).strip());
    } catch (IOException | NumberFormatException e) {
      // Being rewritten, or a new table.
      return 0;
    }
  }

  @Override
  public void close() {
    held.values()
        .forEach(
            lock -> {
              try {
                lock.channel().close();
              } catch (IOException e) {
                throw new UncheckedIOException(e);
              }
            });
    held.clear();
  }
}
