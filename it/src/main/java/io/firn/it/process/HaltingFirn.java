package io.firn.it.process;

import io.firn.lake.LakeSink;
import io.firn.lake.LakeSinkOptions;
import io.firn.lake.PartitionRule;
import io.firn.lake.compact.CompactionSettings;
import io.firn.model.checkpoint.CheckpointStorage;
import io.firn.model.error.FencedException;
import io.firn.model.schema.TableId;
import io.firn.model.secret.Secret;
import io.firn.model.transform.Transform;
import io.firn.runtime.PipelineListener;
import io.firn.runtime.PipelineOptions;
import io.firn.runtime.PipelineRunner;
import io.firn.runtime.StopCondition;
import io.firn.runtime.checkpoint.CheckpointReport;
import io.firn.runtime.checkpoint.LocalCheckpointStorage;
import io.firn.source.Flavour;
import io.firn.source.MySqlSource;
import io.firn.source.MySqlSourceOptions;
import io.firn.source.connect.TablePatterns;
import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.CountDownLatch;
import java.util.function.Consumer;

/**
 * Source, runtime and sink as the application puts them together, without its pipeline file, and
 * with checkpoint storage that counts its operations and ends the process at the N-th.
 *
 * <p>Arguments: {@code run FILE [--until-caught-up]}, FILE being what {@link Pipeline#write} wrote;
 * the properties next to it are read.
 *
 * @see HaltCounter
 */
public final class HaltingFirn {
  /** System property: after how many checkpoints the process stops in good order. */
  public static final String CHECKPOINTS = "firn.it.halt.checkpoints";

  private HaltingFirn() {}

  /** Runs the pipeline; exit codes as Firn's. */
  public static void main(String[] arguments) throws IOException {
    Properties settings = load(Path.of(arguments[1]));
    Secret password = new Secret(System.getenv(Pipeline.PASSWORD_VARIABLE));
    boolean untilCaughtUp = List.of(arguments).contains("--until-caught-up");
    int code = 1;
    try {
      run(settings, password, untilCaughtUp, HaltingFirn::stopOnShutdown);
      code = 0;
    } catch (FencedException e) {
      e.printStackTrace();
      code = 4;
    } catch (RuntimeException | Error e) {
      e.printStackTrace();
    }
    Runtime.getRuntime().halt(code);
  }

  /**
   * Runs a pipeline in this process until it has what its source has by now. A recovery is the same
   * in any process; this one has everything loaded.
   */
  public static void catchUp(Pipeline pipeline) throws IOException {
    run(load(pipeline.write()), new Secret(pipeline.account().password()), true, runner -> {});
  }

  private static Properties load(Path file) throws IOException {
    Properties settings = new Properties();
    try (Reader reader = Files.newBufferedReader(Pipeline.properties(file))) {
      settings.load(reader);
    }
    return settings;
  }

  private static void run(
      Properties settings,
      Secret password,
      boolean untilCaughtUp,
      Consumer<PipelineRunner> before) {
    String database = settings.getProperty("database");
    String name = settings.getProperty("name");
    MySqlSource source =
        new MySqlSource(
            MySqlSourceOptions.builder(
                    Flavour.MYSQL,
                    "127.0.0.1",
                    Integer.parseInt(settings.getProperty("port")),
                    settings.getProperty("user"),
                    password)
                .tables(TablePatterns.parse(database + ".\\.*", null))
                .build());
    LakeSink sink =
        new LakeSink(
            LakeSinkOptions.of(withPrefix(settings, "catalog."))
                .withTableProperties(withPrefix(settings, "table."))
                .withPartitionRules(
                    List.of(
                        PartitionRule.of(
                            new TableId(database, "orders"),
                            List.of(settings.getProperty("partition")))))
                .withCompaction(compaction(settings)));
    CheckpointStorage storage =
        new LocalCheckpointStorage(
            Path.of(settings.getProperty("checkpoint.directory")), new HaltingFileOperations());
    PipelineOptions options =
        PipelineOptions.of(name, Path.of(settings.getProperty("state.directory")))
            .withParallelism(Integer.parseInt(settings.getProperty("parallelism")))
            .withCheckpointInterval(
                Duration.parse("PT" + settings.getProperty("checkpoint.interval.seconds") + "S"));
    StopCondition stop =
        untilCaughtUp
            ? StopCondition.untilPosition(source.currentEnd())
            : StopCondition.UNTIL_STOPPED;
    Narrator narrator = new Narrator(Integer.getInteger(CHECKPOINTS, Integer.MAX_VALUE));
    PipelineRunner runner =
        new PipelineRunner(
            new io.firn.runtime.Pipeline(
                options, source, Transform.IDENTITY, sink, storage, narrator));
    narrator.enough = runner::stop;
    before.accept(runner);
    System.out.println(runner.run(stop));
  }

  private static void stopOnShutdown(PipelineRunner runner) {
    CountDownLatch never = new CountDownLatch(1);
    Runtime.getRuntime()
        .addShutdownHook(
            new Thread(
                () -> {
                  runner.stop();
                  try {
                    // The main thread ends the process when the last checkpoint is made.
                    never.await();
                  } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                  }
                },
                "stop"));
  }

  private static CompactionSettings compaction(Properties settings) {
    String inputs = settings.getProperty(Pipeline.SINK + "compaction.min-input-files");
    return inputs == null
        ? CompactionSettings.OFF
        : new CompactionSettings(true, 0, Integer.parseInt(inputs), 0.2, 10, 1, 1);
  }

  private static Map<String, String> withPrefix(Properties settings, String prefix) {
    Map<String, String> found = new HashMap<>();
    for (String name : settings.stringPropertyNames()) {
      if (name.startsWith(prefix)) {
        found.put(name.substring(prefix.length()), settings.getProperty(name));
      }
    }
    return found;
  }

  /** Prints what happens, and stops after so many checkpoints. */
  private static final class Narrator implements PipelineListener {
    private int checkpoints;
    private volatile Runnable enough;

    Narrator(int checkpoints) {
      this.checkpoints = checkpoints;
    }

    @Override
    public void onCheckpointCompleted(CheckpointReport report) {
      if (--checkpoints == 0) {
        enough.run();
      }
    }

    @Override
    public void onRecovered(long epoch, long nextCheckpointId, String explanation) {
      System.out.println("epoch " + epoch + ": " + explanation);
    }

    @Override
    public void onStateRebuild(String reason) {
      System.out.println("rebuilding state: " + reason);
    }

    @Override
    public void onRestart(int attempt, Duration delay, Throwable cause) {
      System.out.println("restart " + attempt + " after " + delay);
      cause.printStackTrace();
    }
  }
}
