package io.firn.lake.kit;

import io.firn.lake.LakeSinkOptions;
import io.firn.testservers.Account;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Stream;

/** The catalogs that the sink is tested with. */
public enum CatalogKind {
  HADOOP,
  HADOOP_ON_HDFS,
  SQLITE,
  POSTGRES,
  MYSQL,
  REST;

  /**
   * Those that need no server of another process. What a server may do differently is in its
   * commits, and those are raced on all kinds.
   */
  public static Stream<CatalogKind> inThisProcess() {
    return Stream.of(HADOOP, SQLITE, REST);
  }

  /**
   * Options for the catalog of a test's directory; a REST catalog needs its server to be closed.
   */
  public LakeSinkOptions options(Path directory, RestServer rest) {
    return LakeSinkOptions.of(
        switch (this) {
          case HADOOP -> Map.of("type", "hadoop", "warehouse", directory.resolve("wh").toString());
          case HADOOP_ON_HDFS ->
              Map.of(
                  "type",
                  "hadoop",
                  "warehouse",
                  Servers.hdfs().uri().resolve("/" + directory.getFileName()).toString());
          case SQLITE -> sqlite(directory);
          case POSTGRES -> {
            String database = Servers.postgresDatabase(directory);
            yield jdbc(directory, Servers.postgres().jdbcUrl(database), Servers.postgres().root());
          }
          case MYSQL -> {
            String database = Servers.mysqlDatabase(directory);
            yield jdbc(directory, Servers.mysql().jdbcUrl(database), Servers.mysql().root());
          }
          case REST -> Map.of("type", "rest", "uri", rest.uri());
        });
  }

  /** A SQLite catalog in a directory. */
  public static Map<String, String> sqlite(Path directory) {
    return Map.of(
        "type",
        "jdbc",
        "uri",
        "jdbc:sqlite:" + directory.resolve("catalog.db"),
        "warehouse",
        directory.resolve("wh").toString());
  }

  private static Map<String, String> jdbc(Path directory, String url, Account account) {
    return Map.of(
        "type",
        "jdbc",
        "uri",
        url,
        "jdbc.user",
        account.user(),
        "jdbc.password",
        account.password(),
        "warehouse",
        directory.resolve("wh").toString());
  }
}
