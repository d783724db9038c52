package io.firn.lake.kit;

import io.firn.lake.LakeSinkOptions;
import java.nio.file.Path;
import java.util.Map;

/** The catalogs that the sink is tested with. */
public enum CatalogKind {
  HADOOP,
  SQLITE,
  REST;

  /** Options for a catalog in a directory; a REST catalog needs its server to be closed. */
  public LakeSinkOptions options(Path directory, RestServer rest) {
    return LakeSinkOptions.of(
        switch (this) {
          case HADOOP -> Map.of("type", "hadoop", "warehouse", directory.resolve("wh").toString());
          case SQLITE -> sqlite(directory);
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
}
