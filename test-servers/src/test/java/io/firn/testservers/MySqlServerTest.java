package io.firn.testservers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import org.junit.jupiter.api.Test;

class MySqlServerTest {

  @Test
  void startsAnswersAndStopsTwiceInARow() throws Exception {
    for (int round = 0; round < 2; round++) {
      MySqlServer server = MySqlServer.start();
      try (server) {
        assertThat(text(server, "SELECT VERSION()")).startsWith("9.");
        assertThat(text(server, "SELECT @@binlog_format")).isEqualTo("ROW");
        assertThat(text(server, "SELECT @@binlog_row_image")).isEqualTo("FULL");
        server.execute("CREATE DATABASE shop", "CREATE TABLE shop.t (id int primary key)");
      }
      assertThat(server.isRunning()).isFalse();
      assertThat(server.dataDirectory())
          .satisfiesAnyOf(
              directory -> assertThat(Files.exists(directory)).isFalse(),
              directory -> assertThat(directory).hasToString("/var/lib/mysql"));
    }
  }

  @Test
  void optionsWinOverDefaultsAndDataSurvivesKillAndRestart() throws Exception {
    try (MySqlServer server =
        MySqlServer.start(
            "--binlog-row-image=MINIMAL", "--gtid-mode=OFF", "--enforce-gtid-consistency=OFF")) {
      assertThat(text(server, "SELECT @@binlog_row_image")).isEqualTo("MINIMAL");
      assertThat(text(server, "SELECT @@gtid_mode")).isEqualTo("OFF");
      server.execute(
          "CREATE DATABASE shop",
          "CREATE TABLE shop.t (id int primary key)",
          "INSERT INTO shop.t VALUES (42)");
      final int port = server.port();

      server.kill();
      assertThat(server.isRunning()).isFalse();
      assertThatThrownBy(server::connect).isInstanceOf(SQLException.class);
      server.restart();
      assertThat(text(server, "SELECT id FROM shop.t")).isEqualTo("42");
      server.restart();
      assertThat(text(server, "SELECT id FROM shop.t")).isEqualTo("42");
      assertThat(server.port()).isEqualTo(port);
    }
  }

  @Test
  void purgeLeavesOnlyTheCurrentBinlog() throws Exception {
    try (MySqlServer server = MySqlServer.start()) {
      String first = server.currentBinlog();
      server.purgeBinlogs();
      assertThat(server.currentBinlog()).isGreaterThan(first);
      try (Connection connection = server.connect();
          Statement statement = connection.createStatement();
          ResultSet logs = statement.executeQuery("SHOW BINARY LOGS")) {
        assertThat(logs.next()).isTrue();
        assertThat(logs.getString(1)).isEqualTo(server.currentBinlog());
        assertThat(logs.next()).isFalse();
      }
    }
  }

  @Test
  void accountsHaveTheirGrants() throws Exception {
    try (MySqlServer server = MySqlServer.start()) {
      Account poor = server.createUser("poor", "p'w".replace("'", ""));
      try (Connection connection =
              java.sql.DriverManager.getConnection(server.jdbcUrl(), poor.user(), poor.password());
          Statement statement = connection.createStatement()) {
        assertThatThrownBy(() -> statement.execute("SHOW BINARY LOG STATUS"))
            .isInstanceOf(SQLException.class);
      }
      try (Connection connection =
              java.sql.DriverManager.getConnection(
                  server.jdbcUrl(), server.cdc().user(), server.cdc().password());
          Statement statement = connection.createStatement()) {
        assertThat(statement.execute("SHOW BINARY LOG STATUS")).isTrue();
      }
    }
  }

  @Test
  void failureToStartNamesTheServersComplaint() {
    assertThatThrownBy(() -> MySqlServer.start("--no-such-option=1"))
        .isInstanceOf(ServerException.class)
        .hasMessageContaining("no-such-option");
  }

  private static String text(DatabaseServer server, String query) throws SQLException {
    try (Connection connection = server.connect();
        Statement statement = connection.createStatement();
        ResultSet result = statement.executeQuery(query)) {
      result.next();
      return result.getString(1);
    }
  }
}
