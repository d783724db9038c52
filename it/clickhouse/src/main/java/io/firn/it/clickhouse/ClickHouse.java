package io.firn.it.clickhouse;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** ClickHouse as a library of Node.js: runs queries in a process of its own. */
final class ClickHouse {
  private final Path modules;
  private final Path directory;
  private final Path work;

  /**
   * @param modules the directory {@code node_modules} with the library
   * @param directory where it runs; files outside of it may not be read
   * @param work for queries and results
   */
  ClickHouse(Path modules, Path directory, Path work) {
    this.modules = modules;
    this.directory = directory;
    this.work = work;
  }

  /** Runs queries; returns the rows of each, with the columns separated by tabs. */
  List<List<String>> query(List<String> queries) throws IOException, InterruptedException {
    Path script = work.resolve("query.cjs");
    try (InputStream in = ClickHouse.class.getResourceAsStream("query.cjs")) {
      Files.write(script, in.readAllBytes());
    }
    List<String> command = new ArrayList<>(List.of("node", script.toString()));
    List<Path> results = new ArrayList<>();
    for (String query : queries) {
      Path sql = Files.createTempFile(work, "query", ".sql");
      Path rows = Files.createTempFile(work, "query", ".tsv");
      Files.writeString(sql, query);
      command.add(sql.toString());
      command.add(rows.toString());
      results.add(rows);
    }
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .directory(directory.toFile())
            .redirectOutput(ProcessBuilder.Redirect.INHERIT)
            .redirectError(ProcessBuilder.Redirect.INHERIT);
    builder.environment().put("NODE_PATH", modules.toString());
    builder.environment().put("TZ", "UTC");
    Process process = builder.start();
    Runtime.getRuntime().addShutdownHook(new Thread(process::destroyForcibly));
    if (process.waitFor() != 0) {
      throw new IllegalStateException("ClickHouse failed with " + process.exitValue());
    }
    List<List<String>> all = new ArrayList<>();
    for (Path rows : results) {
      all.add(Files.readAllLines(rows));
    }
    return all;
  }
}
