package io.firn.testservers;

import io.firn.testservers.provision.Accounts;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.TimeUnit;

/**
 * A real database server of one test or benchmark: alone on its data, on a free port of the
 * loopback address, gone after {@link #close()} or with this JVM.
 *
 * <p><b>Threading</b>: connections may be made by any thread; starting and stopping is for one
 * thread at a time.
 */
public abstract sealed class DatabaseServer implements AutoCloseable
    permits MySqlServer, MariaDbServer {
  private static final long START_SECONDS = 120;

  private final DatabaseBackend backend;
  private final String urlPrefix;
  private final String urlParameters;

  DatabaseServer(DatabaseBackend backend, String urlPrefix, String urlParameters) {
    this.backend = backend;
    this.urlPrefix = urlPrefix;
    this.urlParameters = urlParameters;
    try {
      startFirst();
    } catch (RuntimeException e) {
      backend.remove();
      throw e;
    }
  }

  private void startFirst() {
    for (int attempt = 1; ; attempt++) {
      try {
        backend.start();
        awaitAnswer();
        return;
      } catch (ServerException e) {
        boolean portTaken = e.getMessage().contains("Address already in use");
        if (attempt == 5 || !portTaken || !(backend instanceof LocalDatabase local)) {
          throw e;
        }
        local.kill();
        local.takeAnotherPort();
      }
    }
  }

  /** Always the loopback address. */
  public String host() {
    return "127.0.0.1";
  }

  /** The TCP port; stays the same over restarts. */
  public int port() {
    return backend.port();
  }

  /** The account that may do everything. */
  public Account root() {
    return Accounts.ROOT;
  }

  /** The account with the grants that capturing needs. */
  public Account cdc() {
    return Accounts.CDC;
  }

  /** The server's data directory; inside the container if it runs in one. */
  public Path dataDirectory() {
    return backend.directory();
  }

  /** JDBC URL without a database, without credentials. */
  public String jdbcUrl() {
    return jdbcUrl("");
  }

  /** JDBC URL of a database, without credentials. */
  public String jdbcUrl(String database) {
    return urlPrefix + host() + ":" + port() + "/" + database + urlParameters;
  }

  /** A new connection of {@link #root()}, without a database. */
  public Connection connect() throws SQLException {
    return connect("");
  }

  /** A new connection of {@link #root()} to a database. */
  public Connection connect(String database) throws SQLException {
    return DriverManager.getConnection(jdbcUrl(database), root().user(), root().password());
  }

  /** Runs statements as {@link #root()} on one connection. */
  public void execute(String... statements) {
    try (Connection connection = connect();
        Statement statement = connection.createStatement()) {
      for (String sql : statements) {
        statement.execute(sql);
      }
    } catch (SQLException e) {
      throw new ServerException("Statement failed: " + e.getMessage(), e);
    }
  }

  /** Creates a user that may connect from anywhere, with the given privileges on everything. */
  public Account createUser(String user, String password, String... privileges) {
    execute(
        "CREATE USER '" + user + "'@'%' IDENTIFIED BY '" + password + "'",
        "GRANT "
            + (privileges.length == 0 ? "USAGE" : String.join(", ", privileges))
            + " ON *.* TO '"
            + user
            + "'@'%'");
    return new Account(user, password);
  }

  /** Closes the current binlog file, opens the next one and removes all files before that. */
  public void purgeBinlogs() {
    execute("FLUSH BINARY LOGS");
    execute("PURGE BINARY LOGS TO '" + currentBinlog() + "'");
  }

  /**
   * Makes this server a replica of another of its kind, by GTIDs, from the beginning of the other's
   * binlog. Both need server ids of their own ({@code --server-id}).
   */
  public abstract void follow(DatabaseServer source);

  /** Waits until this replica has everything that its source has now. */
  public abstract void awaitReplicated(DatabaseServer source);

  /** Ends following: from now on the server goes its own way, as after a failover. */
  public abstract void promote();

  final void awaitOne(String query) {
    String answer = value(query);
    if (answer == null || !(answer.equals("0"))) {
      throw new ServerException("Replication did not catch up: '" + query + "' gave " + answer);
    }
  }

  /** The single value of a query of {@link #root()}. */
  public String value(String query) {
    try (Connection connection = connect();
        Statement statement = connection.createStatement();
        java.sql.ResultSet rows = statement.executeQuery(query)) {
      return rows.next() ? rows.getString(1) : null;
    } catch (SQLException e) {
      throw new ServerException("Query failed: " + e.getMessage(), e);
    }
  }

  /** Name of the binlog file that is being written. */
  public abstract String currentBinlog();

  /**
   * Waits until the server appends nothing to its binlog of its own accord, so that its end stays
   * where it is until the next statement.
   */
  public abstract void awaitQuietBinlog();

  /** Stops the server in good order; {@link #restart()} brings it back. */
  public void stop() {
    backend.stop();
  }

  /** Kills the server with SIGKILL; {@link #restart()} brings it back. */
  public void kill() {
    backend.kill();
  }

  /** Stops the server if it runs, starts it on the same data and port, waits until it answers. */
  public void restart() {
    backend.stop();
    backend.start();
    awaitAnswer();
  }

  /** Whether the server runs. */
  public boolean isRunning() {
    return backend.isAlive();
  }

  /** Ends the server and deletes its data; its log stays in the temporary directory. */
  @Override
  public void close() {
    backend.remove();
  }

  private void awaitAnswer() {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(START_SECONDS);
    while (true) {
      boolean alive = backend.isAlive();
      try (Connection connection = connect()) {
        if (connection.isValid(10)) {
          return;
        }
      } catch (SQLException e) {
        if (!alive) {
          throw new ServerException("The server did not start; " + backend.describeLog(), e);
        }
        if (System.nanoTime() > end) {
          throw new ServerException(
              "The server did not answer within "
                  + START_SECONDS
                  + " s ("
                  + e.getMessage()
                  + "); "
                  + backend.describeLog(),
              e);
        }
      }
      pause();
    }
  }

  static void pause() {
    try {
      Thread.sleep(50);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ServerException("Interrupted while waiting for a server", e);
    }
  }
}
