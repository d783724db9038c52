package io.firn.it.process;

import io.firn.testservers.ServerException;
import io.firn.testservers.process.ServerProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.TimeUnit;

/**
 * A disk of a few megabytes that needs no administrator: memory that a child process has mounted in
 * a name space of its own, reached through that process's view of the files. It is gone with the
 * child, and the child with this JVM.
 *
 * <p><b>Threading</b>: one thread at a time.
 */
public final class SmallDisk implements AutoCloseable {
  private static final long LIMIT_NANOS = TimeUnit.SECONDS.toNanos(20);
  private static final String MOUNTED = "mounted";
  private static final String SCRIPT =
      "mount -t tmpfs -o size=\"$1\" none \"$0\" && echo " + MOUNTED + " && exec sleep infinity";

  private final ServerProcess holder;
  private final Path directory;

  private SmallDisk(ServerProcess holder, Path directory) {
    this.holder = holder;
    this.directory = directory;
  }

  /**
   * Mounts one.
   *
   * @param mountPoint where the child sees it; created, and empty for all others
   * @throws AssertionError if the machine does not let its users mount, with what it would take
   */
  public static SmallDisk mount(Path mountPoint, int megabytes)
      throws IOException, InterruptedException {
    Path parent = Files.createDirectories(mountPoint).getParent();
    Path log = Files.createTempFile(parent, "disk-", ".out");
    ServerProcess holder;
    try {
      List<String> command =
          List.of(
              "unshare",
              "--map-root-user",
              "--mount",
              "sh",
              "-c",
              SCRIPT,
              mountPoint.toString(),
              megabytes + "m");
      holder = ServerProcess.start(command, parent, log);
    } catch (ServerException e) {
      throw impossible(e.getMessage());
    }
    long end = System.nanoTime() + LIMIT_NANOS;
    while (!Files.readString(log).contains(MOUNTED)) {
      OptionalInt exit = holder.exitCode(0);
      if (exit.isPresent() || System.nanoTime() > end) {
        holder.close();
        throw impossible(Files.readString(log).strip());
      }
      Thread.sleep(20);
    }
    Path root = Path.of("/proc", Long.toString(holder.pid()), "root");
    return new SmallDisk(holder, root.resolve(Path.of("/").relativize(mountPoint)));
  }

  private static AssertionError impossible(String why) {
    return new AssertionError(
        "Mounting a small disk with 'unshare --map-root-user --mount' failed: '"
            + why
            + "'; allow users their own name spaces (a container needs CAP_SYS_ADMIN for it), or"
            + " leave out what needs them with -Dfirn.test.excludedGroups=mount");
  }

  /** Its root, for this process and its other children. */
  public Path directory() {
    return directory;
  }

  @Override
  public void close() {
    holder.close();
  }
}
