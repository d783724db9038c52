package io.firn.testservers;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.Statement;
import org.junit.jupiter.api.Test;

class PostgresServerTest {
  @Test
  void dataSurvivesACrash() throws Exception {
    try (PostgresServer server = PostgresServer.start()) {
      server.createDatabase("lake");
      server.execute("CREATE TABLE t AS SELECT 7 AS n");
      server.crash();
      try (Connection connection =
              DriverManager.getConnection(
                  server.jdbcUrl("postgres"), server.root().user(), server.root().password());
          Statement statement = connection.createStatement();
          ResultSet result = statement.executeQuery("SELECT n FROM t")) {
        assertThat(result.next()).isTrue();
        assertThat(result.getInt(1)).isEqualTo(7);
      }
    }
  }
}
