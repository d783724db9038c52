package io.firn.app.demo;

import io.firn.app.assembly.Assembly;
import io.firn.app.assembly.PipelineFiles;
import io.firn.app.assembly.Preflight;
import io.firn.app.run.PipelineRun;
import io.firn.app.run.ProgressDisplay;
import io.firn.app.run.RunProgress;
import io.firn.app.terminal.Console;
import io.firn.app.terminal.Humane;
import io.firn.app.terminal.StopSignal;
import io.firn.app.verify.TableResult;
import io.firn.app.verify.VerifyReport;
import io.firn.dsl.Environment;
import io.firn.dsl.spec.PipelineSpec;
import io.firn.lake.read.LakeReader;
import io.firn.model.checkpoint.CheckpointStorage;
import io.firn.model.error.ConfigurationException;
import io.firn.model.stream.SourcePosition;
import io.firn.runtime.Pipeline;
import io.firn.runtime.PipelineSummary;
import io.firn.runtime.StopCondition;
import io.firn.source.MySqlSource;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;

/**
 * The demonstration: a shop's database that keeps changing, mirrored into a lake beside it.
 *
 * <p>Every part stays in its directory, so that the next run goes on where this one stopped.
 */
public final class Demo {
  private static final String FILLED = "filled";
  private static final Duration DRAIN_TIMEOUT = Duration.ofMinutes(5);

  private final Console console;
  private final Environment environment;
  private final Path directory;
  private final int seconds;

  /**
   * @param directory where everything is kept
   * @param seconds how long to keep changing the database
   */
  public Demo(Console console, Environment environment, Path directory, int seconds) {
    this.console = console;
    this.environment = environment;
    this.directory = directory;
    this.seconds = seconds;
  }

  /** Runs it; false if the lake is not equal to the database in the end. */
  public boolean run() throws IOException, SQLException, InterruptedException {
    Path file = pipelineFile();
    Files.createDirectories(directory);
    boolean again = Files.exists(directory.resolve(FILLED));
    // No signal handler yet: until the pipeline runs, Ctrl-C may simply end everything.
    console.print(
        (again ? "Going on with the demo in " : "Setting up the demo in ") + directory + " ...");
    String password = new BigInteger(120, new SecureRandom()).toString(36);
    console.secrets().add(password);
    long start = System.nanoTime();
    try (EmbeddedDatabase database =
        EmbeddedDatabase.start(directory, ShopFiller.DATABASE, password)) {
      console.print(
          "MariaDB 11.4 runs on 127.0.0.1:" + database.port() + " (" + since(start) + ")");
      fill(database);
      Assembly assembly = assemble(file, database, password);
      return mirror(database, assembly);
    }
  }

  private Path pipelineFile() {
    Path file = Path.of(System.getProperty("firn.home", "."), "configs", "demo.yaml");
    if (!Files.exists(file)) {
      throw new ConfigurationException(
          "The demo's pipeline file '" + file + "' is missing; start with ./firn demo.");
    }
    return file;
  }

  private void fill(EmbeddedDatabase database) throws SQLException, IOException {
    if (Files.exists(directory.resolve(FILLED))) {
      return;
    }
    long start = System.nanoTime();
    try (Connection connection = database.connect(ShopFiller.DATABASE)) {
      AtomicReference<Long> rows = new AtomicReference<>(0L);
      new ShopFiller(
              connection,
              written -> {
                rows.set(written);
                console.redraw("Filling the shop: " + Humane.count(written) + " rows");
              })
          .fill();
      console.endRedraw();
      console.print(
          "Filled a shop with "
              + Humane.count(rows.get())
              + " rows: customers, products, orders, order_lines ("
              + since(start)
              + ")");
    }
    Files.createFile(directory.resolve(FILLED));
  }

  private Assembly assemble(Path file, EmbeddedDatabase database, String password) {
    Environment variables =
        new DemoEnvironment(
            environment,
            Map.of(
                "FIRN_DEMO_PORT", Integer.toString(database.port()),
                "FIRN_DEMO_PASSWORD", password,
                "FIRN_DEMO_DIRECTORY", directory.toString()));
    PipelineSpec spec = PipelineFiles.read(file, variables, console.secrets()).orThrow();
    Preflight preflight = Preflight.of(spec);
    if (!preflight.problems().isEmpty()) {
      throw new ConfigurationException(String.join("\n", preflight.problems()));
    }
    Assembly assembly = new Assembly(preflight.plan().orElseThrow());
    assembly.checkTargets();
    return assembly;
  }

  private boolean mirror(EmbeddedDatabase database, Assembly assembly)
      throws SQLException, InterruptedException, IOException {
    console.print(
        "Mirroring it into Iceberg tables in "
            + directory.resolve("warehouse")
            + " while it keeps changing, for "
            + seconds
            + " s (Ctrl-C ends it sooner) ...");
    RunProgress progress = new RunProgress();
    try (StopSignal interrupted = new StopSignal();
        ShopTraffic traffic =
            new ShopTraffic(
                database.connect(ShopFiller.DATABASE), System.nanoTime(), seconds * 1000L / 3)) {
      Pipeline pipeline = assembly.pipeline(progress);
      StopSignal stop = StopSignal.detached();
      PipelineThread running = new PipelineThread(pipeline, stop);
      try (ProgressDisplay display =
          new ProgressDisplay(
              console, progress, ((MySqlSource) pipeline.source())::snapshotProgress)) {
        running.start();
        traffic.start();
        live(running, interrupted);
        traffic.stop();
        drain(assembly, progress, running);
        stop.request();
        running.join();
      }
      PipelineSummary summary = running.summary();
      console.print(
          "Read "
              + Humane.count(progress.snapshotTotal())
              + " rows in the snapshot and "
              + Humane.count(progress.changes())
              + " changes ("
              + progress.changeKinds()
              + ") of "
              + Humane.count(traffic.transactions())
              + " transactions; "
              + summary.checkpoints()
              + " checkpoints.");
      if (traffic.altered()) {
        console.print("The column 'points' was added to customers on the way.");
      }
    }
    return verify(assembly);
  }

  private void live(PipelineThread running, StopSignal interrupted) throws InterruptedException {
    long end = System.nanoTime() + Duration.ofSeconds(seconds).toNanos();
    while (System.nanoTime() < end && running.isAlive() && !interrupted.await(100)) {
      // The display shows what happens.
    }
  }

  /** Waits until everything that was changed is committed. */
  private void drain(Assembly assembly, RunProgress progress, PipelineThread running)
      throws InterruptedException {
    SourcePosition end;
    try (MySqlSource source = assembly.openSource()) {
      end = source.currentEnd();
    }
    long limit = System.nanoTime() + DRAIN_TIMEOUT.toNanos();
    while (running.isAlive() && System.nanoTime() < limit) {
      var checkpoint = progress.checkpoint();
      if (checkpoint != null
          && checkpoint.source().snapshotCompleted()
          && checkpoint.source().position().reaches(end)) {
        return;
      }
      Thread.sleep(100);
    }
  }

  private boolean verify(Assembly assembly) throws InterruptedException, IOException {
    console.print("");
    console.print("Comparing database and lake row by row ...");
    boolean equal;
    VerifyReport report = new VerifyReport(console);
    try (CheckpointStorage storage = assembly.openStorage()) {
      List<TableResult> results =
          assembly.verifier(storage).verify(Duration.ofSeconds(10), result -> report.print(result));
      equal = report.printTotal(results);
    }
    console.print("");
    try (LakeReader lake = assembly.openLake()) {
      LakeReport lakeReport = new LakeReport(console, lake, directory);
      lakeReport.printTables(assembly.pipelineId());
      lakeReport.printQueries();
    }
    return equal;
  }

  private static String since(long startNanos) {
    return Humane.duration(Duration.ofNanos(System.nanoTime() - startNanos));
  }

  /** Runs the pipeline beside the demo's own thread. */
  private static final class PipelineThread extends Thread {
    private final Pipeline pipeline;
    private final StopSignal stop;
    private volatile PipelineSummary summary;
    private volatile Throwable failure;

    PipelineThread(Pipeline pipeline, StopSignal stop) {
      super("pipeline");
      this.pipeline = pipeline;
      this.stop = stop;
    }

    @Override
    public void run() {
      try {
        summary = PipelineRun.run(pipeline, StopCondition.UNTIL_STOPPED, stop);
      } catch (RuntimeException | Error e) {
        failure = e;
      }
    }

    /** How it ended; throws what made it fail. */
    PipelineSummary summary() {
      if (failure instanceof RuntimeException e) {
        throw e;
      }
      if (failure instanceof Error e) {
        throw e;
      }
      return summary;
    }
  }
}
