package io.firn.lake.kit;

import io.firn.testservers.HdfsServer;
import io.firn.testservers.MySqlServer;
import io.firn.testservers.PostgresServer;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Servers that the tests of one JVM share; each starts when it is first asked for. */
public final class Servers {
  private static final Set<String> MADE = ConcurrentHashMap.newKeySet();

  private Servers() {}

  private static final class Postgres {
    static final PostgresServer SERVER = PostgresServer.start();
  }

  private static final class MySql {
    static final MySqlServer SERVER = MySqlServer.start();
  }

  private static final class Hdfs {
    static final HdfsServer SERVER = closedWithTheJvm(HdfsServer.start());
  }

  private static HdfsServer closedWithTheJvm(HdfsServer server) {
    Runtime.getRuntime().addShutdownHook(new Thread(server::close));
    return server;
  }

  static PostgresServer postgres() {
    return Postgres.SERVER;
  }

  static MySqlServer mysql() {
    return MySql.SERVER;
  }

  /** An HDFS with a name node and a data node in this process. */
  public static HdfsServer hdfs() {
    return Hdfs.SERVER;
  }

  /** Name of the database that belongs to a directory; made when it is first asked for. */
  static String postgresDatabase(Path directory) {
    String name = name(directory);
    if (MADE.add("postgres " + name)) {
      postgres().createDatabase(name);
    }
    return name;
  }

  /** The same in MySQL. */
  static String mysqlDatabase(Path directory) {
    String name = name(directory);
    if (MADE.add("mysql " + name)) {
      // Names that differ in case only are different names to Iceberg.
      mysql().execute("CREATE DATABASE " + name + " COLLATE utf8mb4_bin");
    }
    return name;
  }

  private static String name(Path directory) {
    return directory
        .getFileName()
        .toString()
        .replaceAll("[^A-Za-z0-9]", "_")
        .toLowerCase(Locale.ROOT);
  }
}
