package io.firn.source;

import io.firn.testservers.DatabaseServer;
import io.firn.testservers.MySqlServer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

class MySqlDdlTest implements ColumnDdlContract, TableDdlContract, StatementDdlContract {
  private static DatabaseServer server;

  @BeforeAll
  static void start() {
    server = MySqlServer.start("--log-bin-trust-function-creators=ON");
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  @Override
  public DatabaseServer server() {
    return server;
  }
}
