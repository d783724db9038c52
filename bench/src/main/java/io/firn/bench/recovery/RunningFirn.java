package io.firn.bench.recovery;

import io.firn.testservers.Account;
import io.firn.testservers.process.ServerProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Firn in a JVM with the launcher's options, and what its log says about its start. */
final class RunningFirn implements AutoCloseable {
  private static final long POLL_MILLIS = 250;

  private final ServerProcess process;
  private final Path log;
  private final Instant started;

  private RunningFirn(ServerProcess process, Path log, Instant started) {
    this.process = process;
    this.log = log;
    this.started = started;
  }

  /** Something to wait for. */
  interface Condition {
    boolean holds() throws IOException;
  }

  /** Starts {@code firn run} on the pipeline file in a directory. */
  static RunningFirn start(Path directory, Account account, String name) {
    Path log = directory.resolve(name + ".log");
    List<String> command =
        List.of(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-Xms128m",
            "-Xmx768m",
            "-XX:MaxDirectMemorySize=256m",
            "-XX:+UseParallelGC",
            "-XX:ReservedCodeCacheSize=128m",
            "-XX:+ExitOnOutOfMemoryError",
            "-Dfile.encoding=UTF-8",
            "-Dfirn.home=" + directory,
            "-cp",
            System.getProperty("java.class.path"),
            "io.firn.app.FirnCommand",
            "run",
            directory.resolve("recovery.yaml").toString(),
            "--log-file",
            log.toString());
    Instant started = Instant.now();
    return new RunningFirn(
        ServerProcess.start(
            command,
            directory,
            directory.resolve(name + ".out"),
            Map.of("BENCH_PASSWORD", account.password(), "MALLOC_ARENA_MAX", "2")),
        log,
        started);
  }

  /** When the process was started. */
  Instant started() {
    return started;
  }

  /** When the first line with this text was logged; empty if there is none yet. */
  Optional<Instant> logged(String text) throws IOException {
    return lines().stream()
        .filter(line -> line.contains(text))
        .findFirst()
        .map(line -> Instant.parse(line.substring("time=".length(), line.indexOf(' '))));
  }

  /** How many lines with this text were logged. */
  long count(String text) throws IOException {
    return lines().stream().filter(line -> line.contains(text)).count();
  }

  private List<String> lines() throws IOException {
    return Files.exists(log) ? Files.readAllLines(log) : List.of();
  }

  /**
   * Waits.
   *
   * @throws IllegalStateException if the process ends or the limit passes before
   */
  void await(String what, Condition condition, long limitSeconds)
      throws IOException, InterruptedException {
    long end = System.nanoTime() + limitSeconds * 1_000_000_000L;
    while (!condition.holds()) {
      if (!process.isAlive() || System.nanoTime() > end) {
        throw new IllegalStateException(
            "Firn did not get to '"
                + what
                + "' within "
                + limitSeconds
                + " s"
                + (process.isAlive() ? "" : ", it ended")
                + "; see "
                + log);
      }
      Thread.sleep(POLL_MILLIS);
    }
  }

  /** SIGKILL. */
  @Override
  public void close() {
    process.close();
  }
}
