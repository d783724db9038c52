package io.firn.testservers;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import org.junit.jupiter.api.Test;

class MariaDbServerTest {

  @Test
  void startsAnswersAndStopsTwiceInARow() throws Exception {
    for (int round = 0; round < 2; round++) {
      try (MariaDbServer server = MariaDbServer.start()) {
        assertThat(text(server, server.root(), "SELECT VERSION()")).startsWith("11.4");
        assertThat(text(server, server.root(), "SELECT @@character_set_server"))
            .isEqualTo("utf8mb4");
        assertThat(text(server, server.cdc(), "SHOW MASTER STATUS")).startsWith("binlog.");
        server.execute("CREATE DATABASE shop", "CREATE TABLE shop.t (id int primary key)");
        server.kill();
        server.restart();
        assertThat(text(server, server.cdc(), "SELECT count(*) FROM shop.t")).isEqualTo("0");
      }
    }
  }

  private static String text(MariaDbServer server, Account account, String query)
      throws SQLException {
    try (Connection connection =
            DriverManager.getConnection(server.jdbcUrl(), account.user(), account.password());
        Statement statement = connection.createStatement();
        ResultSet result = statement.executeQuery(query)) {
      result.next();
      return result.getString(1);
    }
  }
}
