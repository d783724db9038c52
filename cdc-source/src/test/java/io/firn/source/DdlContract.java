package io.firn.source;

import io.firn.testservers.DatabaseServer;

/** DDL arrives in band and in order; the contracts that extend this one say how, topic by topic. */
interface DdlContract {
  /** The server to ask; its databases belong to one test each. */
  DatabaseServer server();

  /** An empty database. */
  default void fresh(String database) {
    server().execute("DROP DATABASE IF EXISTS " + database, "CREATE DATABASE " + database);
  }
}
