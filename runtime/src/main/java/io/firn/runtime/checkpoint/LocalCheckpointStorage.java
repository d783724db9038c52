package io.firn.runtime.checkpoint;

import io.firn.model.checkpoint.CheckpointStorage;
import io.firn.runtime.state.Checksums;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;

/**
 * Checkpoint storage in a directory of a local (or mounted) file system.
 *
 * <p>An object is written under a temporary name, forced to disk, read back, renamed, and then its
 * directory is forced: a full disk has been seen to write a part and to report success for
 * everything after it. State files are hard links where the file system allows it.
 *
 * <p><b>Assumptions</b>: rename and link are atomic; a file handed to {@link #store} is never
 * changed in place.
 *
 * <p><b>Threading</b>: thread-safe.
 */
public final class LocalCheckpointStorage implements CheckpointStorage {
  private static final String TEMPORARY = ".writing";
  private static final long LEFTOVER_AGE_MILLIS = TimeUnit.DAYS.toMillis(1);
  private static final int BUFFER_BYTES = 1 << 18;

  private final Path root;
  private final FileOperations files;
  private final AtomicBoolean leftoversRemoved = new AtomicBoolean();

  /** A storage in {@code directory}, which is created when it is first needed. */
  public LocalCheckpointStorage(Path directory) {
    this(directory, FileOperations.SYSTEM);
  }

  /** A storage whose changes go through {@code files}. */
  public LocalCheckpointStorage(Path directory, FileOperations files) {
    this.root = directory.toAbsolutePath().normalize();
    this.files = files;
  }

  @Override
  public void publish(String name, byte[] content) throws IOException {
    Path target = prepare(name);
    Path temporary = writeTemporary(content);
    try {
      files.rename(temporary, target);
    } catch (IOException e) {
      throw discarding(temporary, e);
    }
    files.fsyncDirectory(target.getParent());
  }

  @Override
  public boolean publishIfAbsent(String name, byte[] content) throws IOException {
    Path target = prepare(name);
    if (Files.exists(target)) {
      return false;
    }
    Path temporary = writeTemporary(content);
    try {
      files.link(temporary, target);
    } catch (FileAlreadyExistsException e) {
      files.delete(temporary);
      return false;
    } catch (UnsupportedOperationException | FileSystemException e) {
      IOException cause =
          new IOException(
              "Cannot publish '"
                  + name
                  + "' in "
                  + location()
                  + ": the file system does not make hard links; use another checkpoint directory.",
              e);
      throw discarding(temporary, cause);
    }
    files.fsyncDirectory(target.getParent());
    files.delete(temporary);
    return true;
  }

  @Override
  public void store(Path localFile, String name) throws IOException {
    Path target = prepare(name);
    files.delete(target);
    try {
      files.force(localFile);
      files.link(localFile, target);
    } catch (UnsupportedOperationException | FileSystemException e) {
      // Another file system, or one without links.
      Path temporary = copyToTemporary(localFile);
      try {
        files.rename(temporary, target);
      } catch (IOException failure) {
        throw discarding(temporary, failure);
      }
    }
    files.fsyncDirectory(target.getParent());
  }

  @Override
  public void fetch(String name, Path localFile) throws IOException {
    Path source = resolve(name);
    // Only RocksDB's table files are known to be never changed in place by their next owner.
    if (name.endsWith(".sst")) {
      try {
        Files.createLink(localFile, source);
        return;
      } catch (NoSuchFileException e) {
        throw e;
      } catch (UnsupportedOperationException | FileSystemException e) {
        Files.deleteIfExists(localFile);
      }
    }
    Files.copy(source, localFile);
  }

  @Override
  public InputStream open(String name) throws IOException {
    return Files.newInputStream(resolve(name));
  }

  @Override
  public List<String> list(String prefix) throws IOException {
    if (!Files.isDirectory(root)) {
      return List.of();
    }
    // Walk only the directory that the prefix names.
    int slash = prefix.lastIndexOf('/');
    Path start = slash < 0 ? root : resolve(prefix.substring(0, slash));
    if (!Files.isDirectory(start)) {
      return List.of();
    }
    List<String> names = new ArrayList<>();
    Files.walkFileTree(
        start,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
            String name = root.relativize(file).toString().replace('\\', '/');
            if (name.startsWith(prefix) && !name.startsWith(TEMPORARY)) {
              names.add(name);
            }
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFileFailed(Path file, IOException e) throws IOException {
            if (e instanceof NoSuchFileException) {
              return FileVisitResult.CONTINUE; // removed by someone meanwhile
            }
            throw e;
          }
        });
    return names;
  }

  @Override
  public void delete(String name) throws IOException {
    files.delete(resolve(name));
  }

  @Override
  public String location() {
    return "'" + root + "'";
  }

  @Override
  public void close() {}

  private Path prepare(String name) throws IOException {
    Path target = resolve(name);
    files.createDirectories(target.getParent());
    return target;
  }

  private Path resolve(String name) {
    Path path = root.resolve(name).normalize();
    if (name.isEmpty() || name.startsWith("/") || !path.startsWith(root) || path.equals(root)) {
      throw new IllegalArgumentException("'" + name + "' is not the name of an object");
    }
    return path;
  }

  private Path newTemporary() throws IOException {
    Path directory = root.resolve(TEMPORARY);
    files.createDirectories(directory);
    return directory.resolve(UUID.randomUUID().toString());
  }

  private Path writeTemporary(byte[] content) throws IOException {
    Path temporary = newTemporary();
    try {
      try (FileOperations.NewFile out = files.create(temporary)) {
        writeFully(out, ByteBuffer.wrap(content));
        out.force();
      }
      if (!Arrays.equals(Files.readAllBytes(temporary), content)) {
        throw new IOException("The file read back differs from what was written: " + temporary);
      }
      removeLeftovers(temporary);
      return temporary;
    } catch (IOException e) {
      throw discarding(temporary, e);
    }
  }

  private Path copyToTemporary(Path localFile) throws IOException {
    Path temporary = newTemporary();
    try {
      try (InputStream in = Files.newInputStream(localFile);
          FileOperations.NewFile out = files.create(temporary)) {
        byte[] buffer = new byte[BUFFER_BYTES];
        for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
          writeFully(out, ByteBuffer.wrap(buffer, 0, read));
        }
        out.force();
      }
      if (!Checksums.of(temporary).equals(Checksums.of(localFile))) {
        throw new IOException("The copy read back differs from '" + localFile + "'");
      }
      return temporary;
    } catch (IOException e) {
      throw discarding(temporary, e);
    }
  }

  /**
   * Removes what crashed processes left half written, once per instance. Age is measured against a
   * file written just now, so that no clock is needed; a day is more than any write takes.
   */
  private void removeLeftovers(Path justWritten) throws IOException {
    if (!leftoversRemoved.compareAndSet(false, true)) {
      return;
    }
    long now = Files.getLastModifiedTime(justWritten).toMillis();
    List<Path> temporaries;
    try (Stream<Path> entries = Files.list(justWritten.getParent())) {
      temporaries = entries.toList();
    }
    for (Path temporary : temporaries) {
      try {
        if (now - Files.getLastModifiedTime(temporary).toMillis() > LEFTOVER_AGE_MILLIS) {
          files.delete(temporary);
        }
      } catch (NoSuchFileException e) {
        // in use by another thread, and done
      }
    }
  }

  private static void writeFully(FileOperations.NewFile out, ByteBuffer bytes) throws IOException {
    while (bytes.hasRemaining()) {
      if (out.write(bytes) <= 0) {
        throw new IOException("No more bytes can be written; is the disk full?");
      }
    }
  }

  private IOException discarding(Path temporary, IOException cause) {
    try {
      files.delete(temporary);
    } catch (IOException e) {
      cause.addSuppressed(e);
    }
    return cause;
  }
}
