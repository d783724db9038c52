package io.firn.source;

import io.firn.testservers.DatabaseServer;
import io.firn.testservers.MariaDbServer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

class MariaDbStreamTest extends StreamContract {
  private static DatabaseServer server;

  @BeforeAll
  static void start() {
    server = MariaDbServer.start();
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
