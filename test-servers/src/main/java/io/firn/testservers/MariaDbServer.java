package io.firn.testservers;

import io.firn.testservers.provision.MariaDbInstallation;
import io.firn.testservers.provision.ServerCache;
import java.io.IOException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** MariaDB 11.4, always as a local process: its binaries come with the project's dependencies. */
public final class MariaDbServer extends DatabaseServer {
  private static final List<String> DEFAULTS =
      List.of(
          "--server-id=1",
          "--log-bin=binlog",
          "--binlog-format=ROW",
          "--binlog-row-image=FULL",
          "--default-time-zone=+00:00",
          "--local-infile=ON",
          "--skip-name-resolve",
          // Making its own certificate takes the server up to five seconds at every start.
          "--skip-ssl",
          // Safe against a killed server, not against a killed machine; several times faster.
          "--innodb-flush-log-at-trx-commit=2",
          "--sync-binlog=0",
          "--innodb-log-file-size=256M",
          "--innodb-buffer-pool-size=256M");

  private static final long QUIET_SECONDS = 60;

  private MariaDbServer(DatabaseBackend backend) {
    super(
        backend,
        "jdbc:mariadb://",
        "?useBulkStmts=true&allowLocalInfile=true&timezone=UTC&sslMode=disable");
  }

  /**
   * Starts a server that logs rows in full.
   *
   * @param options further options of {@code mariadbd}; they win over the defaults
   */
  public static MariaDbServer start(String... options) {
    List<String> all = new ArrayList<>(DEFAULTS);
    all.addAll(List.of(options));
    try {
      return new MariaDbServer(
          new LocalDatabase("mariadb", MariaDbInstallation.in(ServerCache.ofUser()), all));
    } catch (IOException e) {
      throw new ServerException("Cannot provision MariaDB: " + e, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ServerException("Interrupted while provisioning MariaDB", e);
    }
  }

  @Override
  public void follow(DatabaseServer source) {
    execute(
        "CHANGE MASTER TO MASTER_HOST = '"
            + source.host()
            + "', MASTER_PORT = "
            + source.port()
            + ", MASTER_USER = '"
            + source.root().user()
            + "', MASTER_PASSWORD = '"
            + source.root().password()
            + "', MASTER_SSL = 0, MASTER_SSL_VERIFY_SERVER_CERT = 0, MASTER_USE_GTID = slave_pos",
        "START SLAVE");
  }

  @Override
  public void awaitReplicated(DatabaseServer source) {
    String gtids = source.value("SELECT @@GLOBAL.gtid_binlog_pos");
    awaitOne("SELECT MASTER_GTID_WAIT('" + gtids + "', 60)");
  }

  @Override
  public void promote() {
    execute("STOP SLAVE", "RESET SLAVE ALL");
  }

  @Override
  public String currentBinlog() {
    try (Connection connection = connect();
        Statement statement = connection.createStatement();
        ResultSet result = statement.executeQuery("SHOW MASTER STATUS")) {
      if (!result.next()) {
        throw new ServerException("The server writes no binlog");
      }
      return result.getString(1);
    } catch (SQLException e) {
      throw new ServerException("Cannot read the binlog's state: " + e.getMessage(), e);
    }
  }

  /**
   * {@inheritDoc}
   *
   * <p>After a file is closed MariaDB's background thread appends a Binlog_checkpoint event to the
   * current one, as soon as the engine has made the closed file's transactions durable. That takes
   * seconds on a busy machine, so the events may follow transactions that are much younger. The
   * last of them names the current file.
   */
  @Override
  public void awaitQuietBinlog() {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(QUIET_SECONDS);
    while (!isCheckpointed(currentBinlog())) {
      if (System.nanoTime() > end) {
        throw new ServerException(
            "The server wrote no checkpoint of its binlog within " + QUIET_SECONDS + " s");
      }
      pause();
    }
  }

  private boolean isCheckpointed(String file) {
    try (Connection connection = connect();
        Statement statement = connection.createStatement();
        ResultSet events = statement.executeQuery("SHOW BINLOG EVENTS IN '" + file + "'")) {
      boolean found = false;
      while (events.next() && !found) {
        found =
            events.getString("Event_type").equals("Binlog_checkpoint")
                && events.getString("Info").equals(file);
      }
      return found;
    } catch (SQLException e) {
      throw new ServerException("Cannot read the binlog's events: " + e.getMessage(), e);
    }
  }
}
