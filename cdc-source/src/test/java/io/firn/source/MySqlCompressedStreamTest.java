package io.firn.source;

import io.firn.testservers.DatabaseServer;
import io.firn.testservers.MySqlServer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

class MySqlCompressedStreamTest extends StreamContract {
  private static DatabaseServer server;

  @BeforeAll
  static void start() {
    server = MySqlServer.start("--binlog-transaction-compression=ON");
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  @Override
  DatabaseServer server() {
    return server;
  }
}
