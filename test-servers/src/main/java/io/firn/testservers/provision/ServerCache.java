package io.firn.testservers.provision;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;

/**
 * Directories that are expensive to make and are kept between runs.
 *
 * <p><b>Invariants</b>: a directory appears under its name only when it is complete (made aside,
 * marked, renamed); two processes, or two threads, never make the same one at once.
 *
 * <p><b>Threading</b>: thread-safe.
 */
public final class ServerCache {
  private static final String MARKER = ".complete";
  private static final Object IN_THIS_PROCESS = new Object();

  private final Path root;

  /** A cache in a directory of its own. */
  public ServerCache(Path root) {
    this.root = root;
  }

  /** {@code firn/servers} in the user's cache directory. */
  public static ServerCache ofUser() {
    String configured = System.getenv("XDG_CACHE_HOME");
    Path base =
        configured == null || configured.isBlank()
            ? Path.of(System.getProperty("user.home"), ".cache")
            : Path.of(configured);
    return new ServerCache(base.resolve("firn").resolve("servers").toAbsolutePath());
  }

  /** Fills a new directory. */
  public interface Maker {
    /** Called with an empty directory; what is in it when this returns is kept. */
    void make(Path directory) throws IOException, InterruptedException;
  }

  /** The directory of that name, made first if it is not there yet. */
  public Path directory(String name, Maker maker) throws IOException, InterruptedException {
    Path wanted = root.resolve(name);
    if (isComplete(wanted)) {
      return wanted;
    }
    Files.createDirectories(root);
    // A file lock belongs to the process, so threads of one process need a lock of their own.
    synchronized (IN_THIS_PROCESS) {
      try (FileChannel channel =
              FileChannel.open(
                  root.resolve(name + ".lock"),
                  StandardOpenOption.CREATE,
                  StandardOpenOption.WRITE);
          FileLock lock = channel.lock()) {
        if (!isComplete(wanted) && lock.isValid()) {
          make(wanted, maker);
        }
      }
    }
    return wanted;
  }

  private void make(Path wanted, Maker maker) throws IOException, InterruptedException {
    Path aside = root.resolve(wanted.getFileName() + ".partial");
    Trees.delete(aside);
    Trees.delete(wanted);
    Files.createDirectories(aside);
    maker.make(aside);
    Files.createFile(aside.resolve(MARKER));
    Files.move(aside, wanted, StandardCopyOption.ATOMIC_MOVE);
  }

  private static boolean isComplete(Path directory) {
    return Files.exists(directory.resolve(MARKER));
  }

  /** Reads a small text file of a made directory. */
  public static String read(Path file) {
    try {
      return Files.readString(file).trim();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
