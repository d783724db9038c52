package io.firn.testservers.provision;

import io.firn.testservers.ServerException;
import io.firn.testservers.process.Commands;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.tukaani.xz.XZInputStream;

/**
 * PostgreSQL binaries out of a jar on the class path. They refuse to run as root, so under root
 * they run as nobody, from directories that everybody may enter.
 */
public final class PostgresInstallation {
  private static final Path OPEN_TO_ALL = Path.of("/var/tmp");
  private static final int NOBODY = 65534;

  private final Path base;

  private PostgresInstallation(Path base) {
    this.base = base;
  }

  /** The installation in a cache, unpacked first if it is not there yet. */
  public static PostgresInstallation inCache() throws IOException, InterruptedException {
    ServerCache cache = isRoot() ? new ServerCache(directoryOfRoot()) : ServerCache.ofUser();
    return new PostgresInstallation(cache.directory("postgres-17", PostgresInstallation::install));
  }

  /** Where everybody may write, somebody else may have been there first. */
  private static Path directoryOfRoot() throws IOException {
    Path directory = OPEN_TO_ALL.resolve("firn-servers-of-root");
    if (!Files.exists(directory, LinkOption.NOFOLLOW_LINKS)) {
      return Files.createDirectory(directory);
    }
    if (!Integer.valueOf(0)
            .equals(Files.getAttribute(directory, "unix:uid", LinkOption.NOFOLLOW_LINKS))
        || !Files.isDirectory(directory, LinkOption.NOFOLLOW_LINKS)) {
      throw new ServerException("'" + directory + "' is not a directory of root's; remove it.");
    }
    return directory;
  }

  private static void install(Path directory) throws IOException, InterruptedException {
    String architecture = System.getProperty("os.arch").toLowerCase(Locale.ROOT);
    String name =
        architecture.equals("aarch64") ? "postgres-linux-arm_64.txz" : "postgres-linux-x86_64.txz";
    try (InputStream packed = PostgresInstallation.class.getResourceAsStream("/" + name)) {
      if (packed == null) {
        throw new ServerException(
            "No PostgreSQL binaries '" + name + "' on the class path; use Docker.");
      }
      Progress.say("unpacking PostgreSQL (once) ...");
      Path tar = directory.resolve("postgres.tar");
      try (InputStream in = new XZInputStream(packed);
          OutputStream out = Files.newOutputStream(tar)) {
        in.transferTo(out);
      }
      Commands.run(
          List.of("tar", "-x", "--no-same-owner", "-f", tar.toString(), "-C", directory.toString()),
          null,
          60);
      Files.delete(tar);
    }
  }

  private static boolean isRoot() {
    return System.getProperty("user.name").equals("root");
  }

  /** A new directory for a server's data, which the server may write to. */
  public Path newDirectory() throws IOException {
    Path root =
        isRoot()
            ? OPEN_TO_ALL
            : Files.createDirectories(
                Path.of(System.getProperty("java.io.tmpdir"), "firn-servers").toAbsolutePath());
    Path directory = Files.createTempDirectory(root, "firn-postgres-");
    if (isRoot()) {
      Files.setAttribute(directory, "unix:uid", NOBODY);
      Files.setAttribute(directory, "unix:gid", NOBODY);
    }
    return directory;
  }

  /** Makes an empty database cluster with one account, {@link Accounts#ROOT}. */
  public void initialise(Path data) throws IOException, InterruptedException {
    Path password = data.resolveSibling("password");
    Files.writeString(password, Accounts.ROOT.password() + "\n");
    try {
      Commands.run(
          command(
              "initdb",
              "--pgdata=" + data,
              "--username=" + Accounts.ROOT.user(),
              "--pwfile=" + password,
              "--auth=scram-sha-256",
              "--encoding=UTF8",
              "--locale=C",
              "--no-sync"),
          null,
          120);
    } finally {
      Files.delete(password);
    }
  }

  /** The command that runs one of its programs. */
  public List<String> command(String program, String... arguments) {
    List<String> command = new ArrayList<>();
    if (isRoot()) {
      command.addAll(
          List.of("setpriv", "--reuid=" + NOBODY, "--regid=" + NOBODY, "--clear-groups"));
    }
    command.add(base.resolve("bin").resolve(program).toString());
    command.addAll(List.of(arguments));
    return command;
  }
}
