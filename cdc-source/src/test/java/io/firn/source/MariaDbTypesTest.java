package io.firn.source;

import io.firn.testservers.DatabaseServer;
import io.firn.testservers.MariaDbServer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

class MariaDbTypesTest extends TypesContract {
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

  @Override
  void more() {
    // JSON is text to MariaDB: what was written is what is read, spaces included.
    add("JSON", "string", "'{\"k\": [1,  2]}'", "{\"k\": [1,  2]}", "'null'", "null");
    add("INT AS (id * 2) VIRTUAL", "int", "DEFAULT", ANY);
    add("INT AS (id + 1) PERSISTENT", "int", "DEFAULT", ANY);
    add("INT INVISIBLE", "int", "5", 5);
  }
}
