package io.firn.bench;

import io.firn.testservers.MySqlServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Runs the real launcher on a pipeline file and reads from its log when it worked on rows. */
final class FirnRun {
  private final Path launcher;
  private final Path directory;
  private final Map<String, String> environment;

  private FirnRun(Path launcher, Path directory, Map<String, String> environment) {
    this.launcher = launcher;
    this.directory = directory;
    this.environment = environment;
  }

  /**
   * @param server whose {@code bench.orders} is mirrored
   * @param home the checkout
   * @param directory of the pipeline file, the lake and everything else of this run
   */
  static FirnRun on(MySqlServer server, Path home, Path directory, String parallelism) {
    return new FirnRun(
        home.resolve("firn"),
        directory,
        Map.of(
            "BENCH_HOST", server.host(),
            "BENCH_PORT", Integer.toString(server.port()),
            "BENCH_USER", server.cdc().user(),
            "BENCH_PASSWORD", server.cdc().password(),
            "BENCH_PARALLELISM", parallelism));
  }

  /**
   * One drained run.
   *
   * @param seconds from the moment it starts to read until its last checkpoint is committed;
   *     without the start of the JVM
   */
  record Result(double seconds, ChildProcess.Usage usage) {}

  /** Location of the Iceberg table. */
  Path table() {
    return directory.resolve("warehouse/bench/orders");
  }

  /** Writes the pipeline file. */
  void prepare() throws IOException {
    Files.createDirectories(directory);
    Files.writeString(
        directory.resolve("bench.yaml"),
        """
        source:
          type: mysql
          hostname: ${env:BENCH_HOST}
          port: ${env:BENCH_PORT}
          username: ${env:BENCH_USER}
          password: ${env:BENCH_PASSWORD}
          tables: bench.orders
        sink:
          type: iceberg
          catalog.properties.type: hadoop
          catalog.properties.warehouse: file://%1$s/warehouse
        pipeline:
          name: bench
          parallelism: ${env:BENCH_PARALLELISM}
          checkpoint.directory: %1$s/checkpoints
          state.directory: %1$s/state
        """
            .formatted(directory.toAbsolutePath()));
  }

  /** Drains what there is. */
  Result drain(String name) throws IOException, InterruptedException {
    return drain(name, Map.of());
  }

  /**
   * Drains what there is.
   *
   * @param more environment variables besides those of every run
   */
  Result drain(String name, Map<String, String> more) throws IOException, InterruptedException {
    Map<String, String> all = new HashMap<>(environment);
    all.putAll(more);
    Path log = directory.resolve(name + ".log");
    ChildProcess.Usage usage =
        ChildProcess.run(
            List.of(
                launcher.toString(),
                "run",
                directory.resolve("bench.yaml").toString(),
                "--until-caught-up",
                "--log-file",
                log.toString()),
            all,
            directory.resolve(name + ".out"));
    Instant first = null;
    Instant last = null;
    for (String line : Files.readAllLines(log)) {
      if (first == null && line.contains("message=\"Reading the ")) {
        first = time(line);
      }
      if (line.contains("message=\"Checkpoint ") && line.contains(" committed")) {
        last = time(line);
      }
    }
    if (first == null || last == null) {
      throw new IllegalStateException("The log " + log + " shows no reading or no checkpoint");
    }
    return new Result(Duration.between(first, last).toNanos() / 1e9, usage);
  }

  /** Starts a run that goes on until it is stopped. */
  Process start(Path log, Path output) throws IOException {
    ProcessBuilder builder =
        new ProcessBuilder(
                launcher.toString(),
                "run",
                directory.resolve("bench.yaml").toString(),
                "--log-file",
                log.toString())
            .redirectErrorStream(true)
            .redirectOutput(output.toFile());
    builder.environment().putAll(environment);
    return builder.start();
  }

  private static Instant time(String line) {
    return Instant.parse(line.substring("time=".length(), line.indexOf(' ')));
  }
}
