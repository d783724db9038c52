package io.firn.testservers;

import io.firn.testservers.docker.DockerEngine;
import io.firn.testservers.docker.PostgresContainer;
import io.firn.testservers.process.Commands;
import io.firn.testservers.process.FreePort;
import io.firn.testservers.process.ServerProcess;
import io.firn.testservers.provision.Accounts;
import io.firn.testservers.provision.PostgresInstallation;
import io.firn.testservers.provision.Trees;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.TimeUnit;

/**
 * PostgreSQL 17, in a container or from binaries on the class path; alone on its data, on a free
 * port of the loopback address.
 *
 * <p><b>Threading</b>: starting and stopping is for one thread at a time.
 */
public final class PostgresServer implements AutoCloseable {
  private static final long START_SECONDS = 60;
  private static final long STOP_SECONDS = 30;
  private static final int RESTART_ATTEMPTS = 50;

  private final PostgresContainer container;
  private final PostgresInstallation installation;
  private final Path directory;
  private final int port;
  private final Thread cleaner;
  private ServerProcess process;

  private PostgresServer(PostgresContainer container) {
    this.container = container;
    this.installation = null;
    this.directory = null;
    this.cleaner = null;
    container.start();
    this.port = container.port();
    awaitAnswer();
  }

  private PostgresServer(PostgresInstallation installation)
      throws IOException, InterruptedException {
    this.container = null;
    this.installation = installation;
    this.directory = installation.newDirectory();
    this.port = FreePort.find();
    this.cleaner = new Thread(this::deleteFiles, "delete-" + directory.getFileName());
    Runtime.getRuntime().addShutdownHook(cleaner);
    installation.initialise(data());
    startProcess();
  }

  /** Starts an empty server. */
  public static PostgresServer start() {
    if (DockerEngine.shouldBeUsed()) {
      return new PostgresServer(PostgresContainer.create());
    }
    try {
      return new PostgresServer(PostgresInstallation.inCache());
    } catch (IOException e) {
      throw new ServerException("Cannot provision PostgreSQL: " + e, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ServerException("Interrupted while provisioning PostgreSQL", e);
    }
  }

  private Path data() {
    return directory.resolve("data");
  }

  private void startProcess() {
    process =
        ServerProcess.start(
            installation.command(
                "postgres",
                "-D",
                data().toString(),
                "-p",
                Integer.toString(port),
                "-c",
                "listen_addresses=127.0.0.1",
                "-c",
                "unix_socket_directories=",
                "-c",
                "fsync=off"),
            directory,
            directory.resolve("server.log"));
    awaitAnswer();
  }

  /** JDBC URL of a database, without credentials. */
  public String jdbcUrl(String database) {
    return "jdbc:postgresql://127.0.0.1:" + port + "/" + database;
  }

  /** The account that may do everything. */
  public Account root() {
    return Accounts.ROOT;
  }

  /** Creates a database. */
  public void createDatabase(String name) {
    execute("CREATE DATABASE " + name);
  }

  /** Runs a statement in the database {@code postgres}. */
  public void execute(String sql) {
    try (Connection connection = connect();
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    } catch (SQLException e) {
      throw new ServerException("Statement failed: " + e.getMessage(), e);
    }
  }

  private Connection connect() throws SQLException {
    return DriverManager.getConnection(jdbcUrl("postgres"), root().user(), root().password());
  }

  /** Cuts every connection, kills the server and starts it again on the same data and port. */
  public void crash() {
    if (container != null) {
      container.crash();
      awaitAnswer();
    } else {
      process.close();
      restartAfterCrash();
    }
  }

  /** Orphans of the killed server may take a moment to notice; until then a new one refuses. */
  private void restartAfterCrash() {
    for (int attempt = 1; ; attempt++) {
      try {
        startProcess();
        return;
      } catch (ServerException e) {
        process.close();
        if (attempt == RESTART_ATTEMPTS || !e.getMessage().contains("is still in use")) {
          throw e;
        }
        pause(200);
      }
    }
  }

  private static void pause(long millis) {
    try {
      Thread.sleep(millis);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ServerException("Interrupted while waiting for PostgreSQL", e);
    }
  }

  private void awaitAnswer() {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(START_SECONDS);
    while (true) {
      try (Connection connection = connect()) {
        if (connection.isValid(10)) {
          return;
        }
      } catch (SQLException e) {
        boolean dead = process != null && !process.isAlive();
        if (dead || System.nanoTime() > end) {
          throw new ServerException("PostgreSQL does not answer: " + e + "\n" + log(), e);
        }
      }
      pause(50);
    }
  }

  private String log() {
    return container != null ? container.getLogs() : Commands.end(directory.resolve("server.log"));
  }

  @Override
  public void close() {
    if (container != null) {
      container.stop();
      return;
    }
    process.stop(STOP_SECONDS);
    deleteFiles();
    try {
      Runtime.getRuntime().removeShutdownHook(cleaner);
    } catch (IllegalStateException e) {
      // The JVM is shutting down; the hook finds nothing left to delete.
      return;
    }
  }

  private void deleteFiles() {
    if (process != null) {
      process.close();
    }
    try {
      Trees.delete(directory);
    } catch (IOException e) {
      System.err.println("Cannot delete '" + directory + "': " + e);
    }
  }
}
