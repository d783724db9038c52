package io.firn.bench;

import io.firn.testservers.MySqlServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.apache.hadoop.conf.Configuration;
import org.apache.iceberg.FileScanTask;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.Table;
import org.apache.iceberg.hadoop.HadoopTables;
import org.apache.iceberg.io.CloseableIterable;

/**
 * A table under a steady mixed load while Firn runs: how many files it has over time, what a full
 * scan costs against a compacted copy, and what compaction costs ingestion.
 *
 * <p>Arguments: the checkout's directory, rows of the table (5000000), seconds (3600), checkpoint
 * interval (5s), changes per second (2000; 0 for as many as the server takes), {@code true} or
 * {@code false} for compaction or {@code both} (both: one after the other, for the ratio of the
 * ingestion rates). Changes are 60 % inserts, 30 % updates and 10 % deletes of random keys.
 */
public final class SteadyLoadBenchmark {
  private static final int SAMPLES = 20;
  private static final int ROWS_PER_TRANSACTION = 100;

  private final Path home;
  private final long rows;
  private final long seconds;
  private final String interval;
  private final long changesPerSecond;

  private SteadyLoadBenchmark(
      Path home, long rows, long seconds, String interval, long changesPerSecond) {
    this.home = home;
    this.rows = rows;
    this.seconds = seconds;
    this.interval = interval;
    this.changesPerSecond = changesPerSecond;
  }

  /** See the class. */
  public static void main(String[] args) throws Exception {
    SteadyLoadBenchmark benchmark =
        new SteadyLoadBenchmark(
            Path.of(args[0]).toAbsolutePath(),
            args.length > 1 ? Long.parseLong(args[1]) : 5_000_000,
            args.length > 2 ? Long.parseLong(args[2]) : 3600,
            args.length > 3 ? args[3] : "5s",
            args.length > 4 ? Long.parseLong(args[4]) : 2000);
    String compaction = args.length > 5 ? args[5] : "both";
    Map<Boolean, Double> rates = new HashMap<>();
    for (boolean enabled : new boolean[] {true, false}) {
      if (compaction.equals("both") || compaction.equals(Boolean.toString(enabled))) {
        try (MySqlServer server = MySqlServer.start("--innodb-buffer-pool-size=1G")) {
          rates.put(enabled, benchmark.run(server, enabled));
        }
      }
    }
    if (rates.size() == 2) {
      say("ingestion rate with compaction / without: %.2f", rates.get(true) / rates.get(false));
    }
    System.exit(0);
  }

  /** Returns the rows per second that Firn committed. */
  private double run(MySqlServer server, boolean compaction) throws Exception {
    OrdersWorkload workload =
        new OrdersWorkload(server.jdbcUrl(), server.root().user(), server.root().password());
    say("compaction %s: filling %,d rows", compaction, rows);
    workload.fill(rows);
    server.purgeBinlogs();
    Path directory = Files.createTempDirectory("firn-steady");
    FirnRun firn = FirnRun.on(server, home, directory, "1");
    firn.prepare();
    Path file = directory.resolve("bench.yaml");
    Files.writeString(
        file,
        Files.readString(file)
            .replace("\npipeline:\n", "\n  compaction.enabled: " + compaction + "\npipeline:\n")
            .replace(
                "  checkpoint.directory:",
                "  checkpoint.interval: " + interval + "\n  checkpoint.directory:"));
    firn.drain("snapshot");
    Path log = directory.resolve("steady.log");
    Process process = firn.start(log, directory.resolve("steady.out"));
    double rate;
    try {
      rate = load(server, workload, firn, directory);
    } finally {
      process.destroy();
      process.waitFor(2, TimeUnit.MINUTES);
    }
    report(workload, firn, log);
    say("compaction %s: files in %s", compaction, directory);
    return rate;
  }

  private double load(MySqlServer server, OrdersWorkload workload, FirnRun firn, Path directory)
      throws Exception {
    long start = System.nanoTime();
    long sampleEvery = TimeUnit.SECONDS.toNanos(seconds) / SAMPLES;
    long nextSample = start + sampleEvery;
    long committedAtStart = committedRows(firn);
    long nextId = rows + 1;
    long made = 0;
    SplittableRandom random = new SplittableRandom(7);
    try (Connection connection =
        DriverManager.getConnection(
            server.jdbcUrl(), server.root().user(), server.root().password())) {
      connection.setAutoCommit(false);
      for (int sample = 0; sample < SAMPLES; ) {
        nextId = workload.transaction(connection, nextId, random);
        made += ROWS_PER_TRANSACTION;
        long now = System.nanoTime();
        if (now >= nextSample) {
          sample++;
          nextSample += sampleEvery;
          sample(firn, directory, sample, (now - start) / 1_000_000_000);
        } else if (changesPerSecond > 0) {
          long due = start + made * 1_000_000_000L / changesPerSecond;
          if (due > now) {
            TimeUnit.NANOSECONDS.sleep(due - now);
          }
        }
      }
    }
    double elapsed = (System.nanoTime() - start) / 1e9;
    double rate = (committedRows(firn) - committedAtStart) / elapsed;
    say("made %,d changes in %.0f s; committed %,.0f rows/s", made, elapsed, rate);
    return rate;
  }

  /** Rows and deletes that commits of checkpoints added, from the snapshots' summaries. */
  private static long committedRows(FirnRun firn) {
    long committed = 0;
    for (Snapshot snapshot : table(firn).snapshots()) {
      if ("checkpoint".equals(snapshot.summary().get("firn.operation"))) {
        committed += Long.parseLong(snapshot.summary().getOrDefault("added-records", "0"));
      }
    }
    return committed;
  }

  private static Table table(FirnRun firn) {
    return new HadoopTables(new Configuration()).load(firn.table().toString());
  }

  private void sample(FirnRun firn, Path directory, int number, long second)
      throws IOException, InterruptedException {
    Table table = table(firn);
    long target = 3L * (512L << 20) / 4;
    int files = 0;
    int small = 0;
    long bytes = 0;
    long deleted = 0;
    try (CloseableIterable<FileScanTask> tasks = table.newScan().planFiles()) {
      for (FileScanTask task : tasks) {
        files++;
        small += task.file().fileSizeInBytes() < target ? 1 : 0;
        bytes += task.file().fileSizeInBytes();
        deleted += task.deletes().stream().mapToLong(delete -> delete.recordCount()).sum();
      }
    }
    String ratio = "";
    if (number % 5 == 0) {
      Path copy = directory.resolve("copy-" + number);
      java(CompactedCopy.class, directory, firn.table().toString(), copy.toString());
      double scan = java(FullScan.class, directory, firn.table().toString()).result("cpuSeconds");
      double compacted = java(FullScan.class, directory, copy.toString()).result("cpuSeconds");
      ratio = String.format(Locale.ROOT, ", scan %.2f of a compacted copy", scan / compacted);
    }
    say(
        "%5d s: %d data files, %d below target, %,d MiB, %,d deleted rows%s",
        second, files, small, bytes >> 20, deleted, ratio);
  }

  private static ChildProcess.Usage java(Class<?> main, Path directory, String... args)
      throws IOException, InterruptedException {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx1g",
                "-XX:+UseParallelGC",
                "-cp",
                System.getProperty("java.class.path"),
                main.getName()));
    command.addAll(Arrays.asList(args));
    return ChildProcess.run(command, Map.of(), directory.resolve(main.getSimpleName() + ".out"));
  }

  private static void report(OrdersWorkload workload, FirnRun firn, Path log)
      throws IOException, SQLException {
    long compactions = 0;
    long abandoned = 0;
    long failedCommits = 0;
    for (String line : Files.readAllLines(log)) {
      compactions += line.contains("message=\"Compacted ") ? 1 : 0;
      abandoned += line.contains("A compaction of ") ? 1 : 0;
      failedCommits += line.contains("message=\"Attempt ") ? 1 : 0;
    }
    say(
        "%d compactions, %d abandoned or failed, %d failed commits of checkpoints",
        compactions, abandoned, failedCommits);
    say("rows at the source now: %,d; snapshots: %d", workload.count(), snapshots(firn));
  }

  private static int snapshots(FirnRun firn) {
    int count = 0;
    for (Snapshot snapshot : table(firn).snapshots()) {
      count += snapshot == null ? 0 : 1;
    }
    return count;
  }

  private static void say(String format, Object... arguments) {
    System.out.printf(Locale.ROOT, format + "%n", arguments);
  }
}
