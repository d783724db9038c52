package io.firn.bench;

import io.firn.bench.reference.DebeziumNoOp;
import io.firn.testservers.MySqlServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Snapshot and backlog drain into Iceberg against a Debezium engine that does nothing with its
 * records, on the same server and data in the same run; then full scans against a compacted copy.
 *
 * <p>Arguments: the checkout's directory, snapshot rows (2000000), changes (1000000), rounds (3),
 * shape BATCH or SINGLE, parallelism (1). Each ratio is that of one round; the medians are what
 * counts.
 */
public final class EndToEndBenchmark {
  private final Path home;
  private final long rows;
  private final long changes;
  private final OrdersWorkload.Shape shape;
  private final String parallelism;
  private final List<double[]> figures = new ArrayList<>();

  private static final String[] NAMES = {
    "snapshot: reference rows/s",
    "snapshot: Firn rows/s",
    "snapshot: ratio",
    "snapshot: reference CPU s/M",
    "snapshot: Firn CPU s/M (whole process)",
    "snapshot: Firn peak resident MiB",
    "drain: reference rows/s",
    "drain: Firn rows/s",
    "drain: ratio",
    "drain: reference CPU s/M",
    "drain: Firn CPU s/M (whole process)",
    "drain: Firn peak resident MiB",
    "scan: Firn CPU s",
    "scan: compacted copy CPU s",
    "scan: ratio",
  };

  private EndToEndBenchmark(
      Path home, long rows, long changes, OrdersWorkload.Shape shape, String parallelism) {
    this.home = home;
    this.rows = rows;
    this.changes = changes;
    this.shape = shape;
    this.parallelism = parallelism;
  }

  /** See the class. */
  public static void main(String[] args) throws Exception {
    Path home = Path.of(args[0]).toAbsolutePath();
    long rows = args.length > 1 ? Long.parseLong(args[1]) : 2_000_000;
    long changes = args.length > 2 ? Long.parseLong(args[2]) : 1_000_000;
    int rounds = args.length > 3 ? Integer.parseInt(args[3]) : 3;
    OrdersWorkload.Shape shape =
        args.length > 4 ? OrdersWorkload.Shape.valueOf(args[4]) : OrdersWorkload.Shape.BATCH;
    String parallelism = args.length > 5 ? args[5] : "1";
    EndToEndBenchmark benchmark = new EndToEndBenchmark(home, rows, changes, shape, parallelism);
    try (MySqlServer server = MySqlServer.start("--innodb-buffer-pool-size=1G")) {
      for (int round = 0; round < rounds; round++) {
        benchmark.round(server, round);
      }
    }
    benchmark.print();
    System.exit(0);
  }

  private void round(MySqlServer server, int round)
      throws IOException, InterruptedException, SQLException {
    OrdersWorkload workload =
        new OrdersWorkload(server.jdbcUrl(), server.root().user(), server.root().password());
    say("round %d: filling %,d rows", round + 1, rows);
    workload.fill(rows);
    server.purgeBinlogs();
    Path directory = Files.createTempDirectory("firn-bench");
    FirnRun firn = FirnRun.on(server, home, directory, parallelism);
    firn.prepare();
    double[] figure = new double[NAMES.length];

    say("round %d: snapshot, reference", round + 1);
    ChildProcess.Usage reference =
        reference(server, Files.createDirectories(directory.resolve("reference")), "initial", rows);
    say("round %d: snapshot, Firn", round + 1);
    FirnRun.Result snapshot = firn.drain("snapshot");
    fill(figure, 0, rows, reference, snapshot);

    say("round %d: making %,d changes", round + 1, changes);
    long made = workload.change(rows + 1, changes, 100 + round, shape);
    // The reference goes on from its offset, Firn from its checkpoint; who is first alternates.
    FirnRun.Result drain = null;
    if (round % 2 == 1) {
      say("round %d: drain, Firn", round + 1);
      drain = firn.drain("drain");
    }
    say("round %d: drain, reference", round + 1);
    reference = reference(server, directory.resolve("reference"), "initial", made);
    if (drain == null) {
      say("round %d: drain, Firn", round + 1);
      drain = firn.drain("drain");
    }
    fill(figure, 6, made, reference, drain);

    say("round %d: scans", round + 1);
    Path copy = directory.resolve("copy");
    String table = firn.table().toString();
    java(CompactedCopy.class, directory, table, copy.toString());
    ChildProcess.Usage scan = java(FullScan.class, directory, table);
    ChildProcess.Usage compacted = java(FullScan.class, directory, copy.toString());
    long expected = workload.count();
    if (scan.result("rows") != expected || compacted.result("rows") != expected) {
      throw new IllegalStateException(
          "The source has " + expected + " rows, the lake " + scan.result("rows"));
    }
    figure[12] = scan.result("cpuSeconds");
    figure[13] = compacted.result("cpuSeconds");
    figure[14] = figure[12] / figure[13];
    figures.add(figure);
    for (int i = 0; i < NAMES.length; i++) {
      say("round %d: %-40s %,12.2f", round + 1, NAMES[i], figure[i]);
    }
    say("round %d: files in %s", round + 1, directory);
  }

  private static void fill(
      double[] figure, int at, long rows, ChildProcess.Usage reference, FirnRun.Result firn) {
    figure[at] = rows / reference.result("seconds");
    figure[at + 1] = rows / firn.seconds();
    figure[at + 2] = figure[at + 1] / figure[at];
    figure[at + 3] = reference.result("cpuSeconds") / rows * 1e6;
    figure[at + 4] = firn.usage().cpuSeconds() / rows * 1e6;
    figure[at + 5] = firn.usage().peakResidentBytes() / (double) (1 << 20);
  }

  private static ChildProcess.Usage reference(
      MySqlServer server, Path directory, String mode, long expected)
      throws IOException, InterruptedException {
    return java(
        DebeziumNoOp.class,
        directory,
        server.host(),
        Integer.toString(server.port()),
        server.cdc().user(),
        server.cdc().password(),
        directory.toString(),
        mode,
        Long.toString(expected));
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

  private void print() {
    System.out.printf("%n%-42s %12s %12s %12s%n", "", "minimum", "median", "maximum");
    for (int i = 0; i < NAMES.length; i++) {
      int column = i;
      double[] sorted = figures.stream().mapToDouble(figure -> figure[column]).sorted().toArray();
      System.out.printf(
          Locale.ROOT,
          "%-42s %,12.2f %,12.2f %,12.2f%n",
          NAMES[i],
          sorted[0],
          sorted[sorted.length / 2],
          sorted[sorted.length - 1]);
    }
  }

  private static void say(String format, Object... arguments) {
    System.out.printf(Locale.ROOT, format + "%n", arguments);
  }
}
