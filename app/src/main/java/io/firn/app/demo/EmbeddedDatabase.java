package io.firn.app.demo;

import io.firn.model.error.ConfigurationException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * A MariaDB server of our own, unpacked from its jar into a directory, with a row-based binlog, and
 * reachable from this machine only. Its data stay in the directory when it stops.
 */
final class EmbeddedDatabase implements AutoCloseable {
  /** The user that the pipeline connects as. */
  static final String USER = "firn";

  private static final String INSTALLED = "installed";
  private static final long START_TIMEOUT_MILLIS = 60_000;
  private static final long STOP_TIMEOUT_MILLIS = 30_000;

  private final Process server;
  private final Path socketDirectory;
  private final int port;
  private final String password;

  private EmbeddedDatabase(Process server, Path socketDirectory, int port, String password) {
    this.server = server;
    this.socketDirectory = socketDirectory;
    this.port = port;
    this.password = password;
  }

  /**
   * Installs the server if it is not there yet, and starts it.
   *
   * @param directory where binaries and data go
   * @param database created if it is missing
   * @param password of {@link #USER}, set anew at every start; letters and digits
   */
  static EmbeddedDatabase start(Path directory, String database, String password)
      throws InterruptedException {
    requireSupportedMachine();
    Path base = directory.resolve("mariadb").toAbsolutePath().normalize();
    try {
      stopLeftover(base);
      if (!Files.exists(base.resolve(INSTALLED))) {
        // Whatever an interrupted installation left is not a database.
        deleteTree(base);
        install(base);
        Files.createFile(base.resolve(INSTALLED));
      }
      return startServer(base, database, password);
    } catch (IOException | UncheckedIOException e) {
      throw new ConfigurationException(
          "The embedded database in '"
              + base
              + "' did not start: "
              + e.getMessage()
              + "; choose another --directory, or delete this one and try again.",
          e);
    }
  }

  private static void requireSupportedMachine() {
    String system = System.getProperty("os.name").toLowerCase(Locale.ROOT);
    String machine = System.getProperty("os.arch").toLowerCase(Locale.ROOT);
    if (!system.contains("linux") || !List.of("amd64", "x86_64").contains(machine)) {
      throw new ConfigurationException(
          "The demo's embedded database runs on Linux x86_64 only, this is '"
              + system
              + " "
              + machine
              + "'; use docker compose instead, or 'firn run' with a MySQL server of yours.");
    }
  }

  private static void install(Path base) throws IOException, InterruptedException {
    Files.createDirectories(base.resolve("data"));
    Files.createDirectories(base.resolve("tmp"));
    ServerBinaries.unpack(base.resolve("server"));
    Path script = base.resolve("server/scripts/mariadb-install-db");
    if (!Files.exists(script)) {
      script = base.resolve("server/bin/mariadb-install-db");
    }
    List<String> command =
        new ArrayList<>(
            List.of(
                script.toString(),
                "--no-defaults",
                "--basedir=" + base.resolve("server"),
                "--datadir=" + base.resolve("data"),
                "--tmpdir=" + base.resolve("tmp"),
                "--skip-name-resolve",
                "--force"));
    addUser(command);
    Path log = base.resolve("install.log");
    Process process = process(command, base, log).start();
    if (process.waitFor() != 0) {
      throw new IOException("its installation failed: " + lastLines(log));
    }
  }

  private static EmbeddedDatabase startServer(Path base, String database, String password)
      throws IOException, InterruptedException {
    // Not below the directory: a socket's path must be shorter than 108 characters.
    Path socketDirectory = Files.createTempDirectory("firn-demo");
    Path initFile = writeInitFile(base, database, password);
    int port = freePort();
    List<String> command =
        new ArrayList<>(
            List.of(
                base.resolve("server/bin/mariadbd").toString(),
                "--no-defaults",
                "--basedir=" + base.resolve("server"),
                "--datadir=" + base.resolve("data"),
                "--tmpdir=" + base.resolve("tmp"),
                "--pid-file=" + base.resolve("mariadbd.pid"),
                "--socket=" + socketDirectory.resolve("db.sock"),
                "--init-file=" + initFile,
                "--bind-address=127.0.0.1",
                "--port=" + port,
                "--skip-name-resolve",
                // A certificate of its own would take it seconds at every start.
                "--skip-ssl",
                "--character-set-server=utf8mb4",
                "--collation-server=utf8mb4_unicode_ci",
                "--server-id=1",
                "--log-bin=binlog",
                "--binlog-format=ROW",
                "--binlog-row-image=FULL",
                "--max-binlog-size=64M",
                "--expire-logs-days=7",
                "--max-allowed-packet=64M",
                "--innodb-buffer-pool-size=128M",
                "--innodb-flush-log-at-trx-commit=2",
                "--sql-mode=STRICT_ALL_TABLES,NO_ENGINE_SUBSTITUTION"));
    addUser(command);
    Path log = base.resolve("server.log");
    Process process = process(command, base, log).start();
    EmbeddedDatabase server = new EmbeddedDatabase(process, socketDirectory, port, password);
    try {
      server.awaitReady(database, log);
    } catch (IOException | InterruptedException e) {
      server.close();
      throw e;
    } finally {
      Files.deleteIfExists(initFile);
    }
    return server;
  }

  private static ProcessBuilder process(List<String> command, Path base, Path log) {
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.directory(base.toFile());
    builder.environment().put("LD_LIBRARY_PATH", base.resolve("server/libs").toString());
    builder.redirectErrorStream(true).redirectOutput(log.toFile());
    return builder;
  }

  private static void addUser(List<String> command) {
    if ("root".equals(System.getProperty("user.name"))) {
      command.add("--user=root");
    }
  }

  /** Statements that the server runs with all rights when it starts. */
  private static Path writeInitFile(Path base, String database, String password)
      throws IOException {
    List<String> statements = new ArrayList<>();
    statements.add("CREATE DATABASE IF NOT EXISTS `" + database + "` CHARACTER SET utf8mb4;");
    // localhost too: an anonymous user of localhost, as installations create it, would hide a user
    // of any host.
    for (String host : List.of("127.0.0.1", "localhost")) {
      String account = "'" + USER + "'@'" + host + "'";
      statements.add("CREATE OR REPLACE USER " + account + " IDENTIFIED BY '" + password + "';");
      statements.add("GRANT ALL ON `" + database + "`.* TO " + account + ";");
      statements.add(
          "GRANT SELECT, RELOAD, SHOW DATABASES, REPLICATION SLAVE, BINLOG MONITOR ON *.* TO "
              + account
              + ";");
    }
    Path file = base.resolve("init.sql");
    Files.deleteIfExists(file);
    Files.createFile(
        file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    return Files.write(file, statements);
  }

  private void awaitReady(String database, Path log) throws IOException, InterruptedException {
    long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(START_TIMEOUT_MILLIS);
    while (true) {
      if (!server.isAlive()) {
        throw new IOException("the server ended: " + lastLines(log));
      }
      try {
        connect(database).close();
        return;
      } catch (SQLException e) {
        if (System.nanoTime() > end) {
          throw new IOException("no answer in a minute: " + e.getMessage(), e);
        }
        Thread.sleep(100);
      }
    }
  }

  /** Ends a server that outlived the process that started it. */
  private static void stopLeftover(Path base) throws IOException, InterruptedException {
    Path pidFile = base.resolve("mariadbd.pid");
    if (!Files.exists(pidFile)) {
      return;
    }
    Optional<ProcessHandle> left =
        ProcessHandle.of(Long.parseLong(Files.readString(pidFile).strip()))
            .filter(
                process ->
                    process
                        .info()
                        .command()
                        .filter(base.resolve("server/bin/mariadbd").toString()::equals)
                        .isPresent());
    if (left.isEmpty()) {
      return;
    }
    if (ownerIsAlive(left.get())) {
      throw new IOException("another demo is using it right now");
    }
    left.get().destroy();
    long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(STOP_TIMEOUT_MILLIS);
    while (left.get().isAlive() && System.nanoTime() < end) {
      Thread.sleep(50);
    }
  }

  private static boolean ownerIsAlive(ProcessHandle server) {
    // An orphan's parent is init (or a subreaper), never a Java process.
    return server
        .parent()
        .flatMap(parent -> parent.info().command())
        .filter(command -> command.endsWith("java"))
        .isPresent();
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  private static String lastLines(Path log) throws IOException {
    if (!Files.exists(log)) {
      return "it wrote no log";
    }
    List<String> lines =
        new String(Files.readAllBytes(log), StandardCharsets.UTF_8).lines().toList();
    return String.join(" | ", lines.subList(Math.max(0, lines.size() - 3), lines.size()));
  }

  /** The port on 127.0.0.1. */
  int port() {
    return port;
  }

  /** A new connection to a database of the server. */
  Connection connect(String database) throws SQLException {
    return DriverManager.getConnection(
        "jdbc:mariadb://127.0.0.1:" + port + "/" + database + "?useBulkStmts=true", USER, password);
  }

  @Override
  public void close() {
    server.destroy();
    try {
      if (!server.waitFor(STOP_TIMEOUT_MILLIS, TimeUnit.MILLISECONDS)) {
        server.destroyForcibly();
      }
      deleteTree(socketDirectory);
    } catch (InterruptedException e) {
      server.destroyForcibly();
      Thread.currentThread().interrupt();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void deleteTree(Path root) throws IOException {
    if (!Files.exists(root)) {
      return;
    }
    try (Stream<Path> paths = Files.walk(root)) {
      for (Path path : (Iterable<Path>) paths.sorted(Comparator.reverseOrder())::iterator) {
        Files.delete(path);
      }
    }
  }
}
