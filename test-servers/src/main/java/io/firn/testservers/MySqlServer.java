package io.firn.testservers;

import io.firn.testservers.docker.DockerEngine;
import io.firn.testservers.docker.MySqlContainer;
import io.firn.testservers.provision.MySqlInstallation;
import io.firn.testservers.provision.ServerCache;
import java.io.IOException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

/** MySQL 9, from a container or from binaries of this machine's package archive. */
public final class MySqlServer extends DatabaseServer {
  private static final List<String> DEFAULTS =
      List.of(
          "--server-id=1",
          "--log-bin=binlog",
          "--gtid-mode=ON",
          "--enforce-gtid-consistency=ON",
          "--default-time-zone=+00:00",
          "--local-infile=ON",
          "--skip-name-resolve",
          // Safe against a killed server, not against a killed machine; several times faster.
          "--innodb-flush-log-at-trx-commit=2",
          "--sync-binlog=0",
          "--innodb-redo-log-capacity=512M",
          "--innodb-buffer-pool-size=256M");

  private MySqlServer(DatabaseBackend backend) {
    super(
        backend,
        "jdbc:mysql://",
        "?allowPublicKeyRetrieval=true&sslMode=DISABLED&rewriteBatchedStatements=true"
            + "&allowLoadLocalInfile=true&connectionTimeZone=UTC");
  }

  /**
   * Starts a server that logs rows in full, with GTIDs.
   *
   * @param options further options of {@code mysqld}, such as {@code --binlog-row-image=MINIMAL};
   *     they win over the defaults
   */
  public static MySqlServer start(String... options) {
    return start(List.of(options));
  }

  /** Like {@link #start(String...)}. */
  public static MySqlServer start(List<String> options) {
    List<String> all = new ArrayList<>(DEFAULTS);
    all.addAll(options);
    if (DockerEngine.shouldBeUsed()) {
      return new MySqlServer(new DockerDatabase(MySqlContainer.create(all)));
    }
    try {
      return new MySqlServer(
          new LocalDatabase("mysql", MySqlInstallation.in(ServerCache.ofUser()), all));
    } catch (IOException e) {
      throw new ServerException("Cannot provision MySQL: " + e, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ServerException("Interrupted while provisioning MySQL", e);
    }
  }

  @Override
  public void follow(DatabaseServer source) {
    execute(
        "CHANGE REPLICATION SOURCE TO SOURCE_HOST = '"
            + source.host()
            + "', SOURCE_PORT = "
            + source.port()
            + ", SOURCE_USER = '"
            + source.root().user()
            + "', SOURCE_PASSWORD = '"
            + source.root().password()
            + "', SOURCE_AUTO_POSITION = 1, GET_SOURCE_PUBLIC_KEY = 1",
        "START REPLICA");
  }

  @Override
  public void awaitReplicated(DatabaseServer source) {
    String gtids = source.value("SELECT REPLACE(@@GLOBAL.gtid_executed, '\n', '')");
    awaitOne("SELECT WAIT_FOR_EXECUTED_GTID_SET('" + gtids + "', 60)");
  }

  @Override
  public void promote() {
    execute("STOP REPLICA", "RESET REPLICA ALL");
  }

  @Override
  public String currentBinlog() {
    try (Connection connection = connect();
        Statement statement = connection.createStatement();
        ResultSet result = statement.executeQuery("SHOW BINARY LOG STATUS")) {
      if (!result.next()) {
        throw new ServerException("The server writes no binlog");
      }
      return result.getString(1);
    } catch (SQLException e) {
      throw new ServerException("Cannot read the binlog's state: " + e.getMessage(), e);
    }
  }

  @Override
  public void awaitQuietBinlog() {
    // MySQL writes there only what statements and replication bring.
  }
}
