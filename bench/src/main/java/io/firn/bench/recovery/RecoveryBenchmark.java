package io.firn.bench.recovery;

import ch.qos.logback.classic.Level;
import io.firn.testservers.MySqlServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.iceberg.FileScanTask;
import org.apache.iceberg.Table;
import org.apache.iceberg.expressions.Expressions;
import org.apache.iceberg.hadoop.HadoopTables;
import org.apache.iceberg.io.CloseableIterable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How long a killed pipeline with a large key index takes to be back: from the start of the process
 * to the first commit that contains a change made after the kill, while updates go on all the time.
 *
 * <p>Arguments: number of keys (10000000), kills (3), updates per second (500). After the kills one
 * more with all local files lost, where the index is rebuilt from the table. Exits with 1 if a
 * recovery with its files took longer than 30 s.
 */
public final class RecoveryBenchmark {
  private static final double GOAL_SECONDS = 30;
  private static final long LIMIT_SECONDS = 900;
  private static final int CHECKPOINTS_BETWEEN = 3;
  private static final String STREAMING = "message=\"Connected to ";
  private static final String RUNNING = "message=\"Phase RUNNING";
  private static final String CHECKPOINT = "message=\"Checkpoint ";

  private final MySqlServer server;
  private final Path directory;
  private final AccountsTable accounts;

  private RecoveryBenchmark(MySqlServer server, Path directory, AccountsTable accounts) {
    this.server = server;
    this.directory = directory;
    this.accounts = accounts;
  }

  /**
   * One recovery, in seconds since the process was started.
   *
   * @param decided it knows where to go on
   * @param running state is restored and the tasks run
   * @param committed the table has a change that was made after the kill
   */
  private record Recovery(String name, double decided, double running, double committed) {}

  /** See the class. */
  public static void main(String[] args) throws Exception {
    long keys = args.length > 0 ? Long.parseLong(args[0]) : 10_000_000;
    int kills = args.length > 1 ? Integer.parseInt(args[1]) : 3;
    int updatesPerSecond = args.length > 2 ? Integer.parseInt(args[2]) : 500;
    if (LoggerFactory.getLogger(Logger.ROOT_LOGGER_NAME)
        instanceof ch.qos.logback.classic.Logger root) {
      root.setLevel(Level.WARN);
    }
    Path directory = Files.createTempDirectory("firn-recovery");
    List<Recovery> recoveries;
    try (MySqlServer server = MySqlServer.start("--innodb-buffer-pool-size=1G");
        AccountsTable accounts = new AccountsTable(server, keys)) {
      say("filling %,d rows; files in %s", keys, directory);
      accounts.fill();
      recoveries =
          new RecoveryBenchmark(server, directory, accounts).measure(kills, updatesPerSecond);
    }
    say("%n%-24s %12s %12s %12s", "seconds from start to", "decision", "running", "commit");
    for (Recovery recovery : recoveries) {
      say(
          "%-24s %12.1f %12.1f %12.1f",
          recovery.name(), recovery.decided(), recovery.running(), recovery.committed());
    }
    boolean missed =
        recoveries.subList(0, kills).stream().anyMatch(r -> r.committed() > GOAL_SECONDS);
    say(missed ? "MISSED: %.0f s" : "within %.0f s", GOAL_SECONDS);
    System.exit(missed ? 1 : 0);
  }

  private List<Recovery> measure(int kills, int updatesPerSecond)
      throws IOException, InterruptedException {
    writePipeline();
    List<Recovery> recoveries = new ArrayList<>();
    long start = System.nanoTime();
    RunningFirn firn = RunningFirn.start(directory, server.cdc(), "snapshot");
    try {
      RunningFirn first = firn;
      firn.await(
          "the end of the snapshot", () -> first.logged(STREAMING).isPresent(), LIMIT_SECONDS);
      say("snapshot read in %.1f s", (System.nanoTime() - start) / 1e9);
      accounts.startLoad(updatesPerSecond);
      for (int kill = 1; kill <= kills + 1; kill++) {
        letCheckpointsPass(firn);
        firn.close();
        say("killed; checkpoints %s, lake %s", size("checkpoints"), size("warehouse"));
        String name = "kill-" + kill;
        if (kill > kills) {
          name = "local-files-lost";
          delete(directory.resolve("checkpoints"));
          delete(directory.resolve("state"));
        }
        int mark = accounts.mark();
        firn = RunningFirn.start(directory, server.cdc(), name);
        recoveries.add(recovery(firn, name, mark));
      }
    } finally {
      firn.close();
    }
    return recoveries;
  }

  private void letCheckpointsPass(RunningFirn firn) throws IOException, InterruptedException {
    long before = firn.count(CHECKPOINT);
    firn.await(
        "more checkpoints",
        () -> firn.count(CHECKPOINT) >= before + CHECKPOINTS_BETWEEN,
        LIMIT_SECONDS);
  }

  private Recovery recovery(RunningFirn firn, String name, int mark)
      throws IOException, InterruptedException {
    firn.await("a commit of the change after the kill", () -> isCommitted(mark), LIMIT_SECONDS);
    double committed = seconds(firn.started(), Instant.now());
    Recovery recovery =
        new Recovery(
            name,
            seconds(firn.started(), firn.logged("message=\"Epoch ").orElseThrow()),
            seconds(firn.started(), firn.logged(RUNNING).orElseThrow()),
            committed);
    say("%s", recovery);
    return recovery;
  }

  /** Whether a file of the table may contain the value; no other is as large. */
  private boolean isCommitted(int mark) throws IOException {
    Table table =
        new HadoopTables(new Configuration())
            .load(
                directory
                    .resolve("warehouse/" + AccountsTable.DATABASE + "/" + AccountsTable.NAME)
                    .toString());
    try (CloseableIterable<FileScanTask> files =
        table.newScan().filter(Expressions.greaterThanOrEqual("a", mark)).planFiles()) {
      return files.iterator().hasNext();
    }
  }

  private void writePipeline() throws IOException {
    Files.writeString(
        directory.resolve("recovery.yaml"),
        """
        source:
          type: mysql
          hostname: %2$s
          port: %3$d
          username: %4$s
          password: ${env:BENCH_PASSWORD}
          tables: recovery.accounts
        sink:
          type: iceberg
          catalog.properties.type: hadoop
          catalog.properties.warehouse: file://%1$s/warehouse
        pipeline:
          name: recovery
          checkpoint.directory: %1$s/checkpoints
          state.directory: %1$s/state
        """
            .formatted(
                directory.toAbsolutePath(), server.host(), server.port(), server.cdc().user()));
  }

  private String size(String name) throws IOException {
    long bytes = 0;
    int files = 0;
    try (Stream<Path> paths = Files.walk(directory.resolve(name))) {
      for (Path path : paths.filter(Files::isRegularFile).toList()) {
        bytes += Files.size(path);
        files++;
      }
    }
    return String.format(Locale.ROOT, "%d MiB in %d files", bytes >> 20, files);
  }

  private static void delete(Path directory) throws IOException {
    try (Stream<Path> paths = Files.walk(directory)) {
      for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(path);
      }
    }
  }

  private static double seconds(Instant from, Instant to) {
    return Duration.between(from, to).toNanos() / 1e9;
  }

  private static void say(String format, Object... arguments) {
    System.out.printf(Locale.ROOT, format + "%n", arguments);
  }
}
