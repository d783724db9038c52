package io.firn.it.soak;

import io.firn.it.process.FirnProcess;
import io.firn.it.process.Pipeline;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A pipeline under test and the process that runs it at the moment.
 *
 * <p><b>Threading</b>: who disturbs or measures it holds its lock.
 */
final class Subject implements AutoCloseable {
  private static final Pattern MANIFEST = Pattern.compile("\\d+-(\\d+)");
  private static final Pattern CLAIM = Pattern.compile("epoch-(\\d+)");

  private final Pipeline pipeline;
  private final FirnProcess.Options options;
  private final String file;
  private final ReentrantLock lock = new ReentrantLock(true);
  private volatile FirnProcess process;
  private volatile int life;

  /**
   * @param pipeline connects to the source and to the catalog through whatever disturbs them
   * @param heap fixed size of the heap, such as {@code 512m}
   */
  Subject(Pipeline pipeline, String heap) {
    this.pipeline = pipeline;
    this.options = withFixedHeap(FirnProcess.Options.of(pipeline), heap);
    String yaml =
        pipeline
            .yaml()
            .replace("  tables:", "  connect.timeout: 3s\n  heartbeat.interval: 200ms\n  tables:");
    this.file = pipeline.write(yaml).toString();
  }

  /** Resident from the start: then every growth of the process's memory is outside the heap. */
  private static FirnProcess.Options withFixedHeap(FirnProcess.Options options, String heap) {
    return new FirnProcess.Options(
        options.directory(),
        options.mainClass(),
        options.properties(),
        options.environment(),
        List.of("-Xms" + heap, "-Xmx" + heap, "-XX:+AlwaysPreTouch"));
  }

  String name() {
    return pipeline.name();
  }

  Pipeline pipeline() {
    return pipeline;
  }

  ReentrantLock lock() {
    return lock;
  }

  FirnProcess process() {
    return process;
  }

  /** Number of the process, from 1. */
  int life() {
    return life;
  }

  /** Starts another process, which is the current one from now on. */
  FirnProcess start() {
    process = FirnProcess.start(options, "run", file);
    life++;
    return process;
  }

  /** Runs Firn's own comparison. */
  void verify(long limitSeconds) {
    FirnProcess.start(options, "verify", file).expectExit(0, limitSeconds);
  }

  /** The highest checkpoint that was decided on; 0 if there is none. */
  long newestCheckpoint() {
    return highest(checkpoints().resolve("manifests"), MANIFEST);
  }

  /** The highest epoch that was claimed; 0 if there is none. */
  long newestEpoch() {
    return highest(checkpoints().resolve("epochs"), CLAIM);
  }

  private static long highest(Path directory, Pattern name) {
    try (Stream<Path> files = Files.list(directory)) {
      return files
          .map(path -> name.matcher(path.getFileName().toString()))
          .filter(Matcher::matches)
          .mapToLong(matcher -> Long.parseLong(matcher.group(1)))
          .max()
          .orElse(0);
    } catch (NoSuchFileException e) {
      return 0;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Waits until this many more checkpoints were decided on; returns after how many seconds.
   *
   * @throws Violation if the process ends, or does not get there in time
   */
  double awaitCheckpoints(int more, long limitSeconds) {
    long start = System.nanoTime();
    long wanted = newestCheckpoint() + more;
    FirnProcess waitedFor = process;
    if (!waitedFor.await(() -> newestCheckpoint() >= wanted, limitSeconds)) {
      throw new Violation(
          name()
              + (waitedFor.isAlive() ? " made no checkpoint in " + limitSeconds + " s" : " ended")
              + ":\n"
              + end(waitedFor.output()));
    }
    return (System.nanoTime() - start) / 1e9;
  }

  /** Checks that the process runs. */
  void requireAlive() {
    if (!process.isAlive()) {
      throw new Violation(name() + " ended by itself:\n" + end(process.output()));
    }
  }

  /** Ends it in good order. */
  void stop(long limitSeconds) throws IOException, InterruptedException {
    process.terminate();
    expectExit(process, 0, limitSeconds);
  }

  /** Asks it to end. While the source is away there is no last checkpoint, and it has to say so. */
  void stopAtAnyMoment(long limitSeconds) throws IOException, InterruptedException {
    process.terminate();
    int code = process.waitFor(limitSeconds);
    boolean saysSo = process.output().contains("Stopped without a last checkpoint");
    if (code != 0 && !(code == 1 && saysSo)) {
      throw new Violation(name() + " was asked to end:\n" + end(process.output()));
    }
  }

  /** Waits for the end of one of its processes. */
  void expectExit(FirnProcess ending, int code, long limitSeconds) {
    try {
      ending.expectExit(code, limitSeconds);
    } catch (AssertionError e) {
      throw new Violation(name() + ": " + end(e.getMessage()));
    }
  }

  Path checkpoints() {
    return Path.of(pipeline.settings().get("checkpoint.directory"));
  }

  Path state() {
    return Path.of(pipeline.settings().get("state.directory"));
  }

  /** Everything local that it may lose. */
  List<Path> directories() {
    return List.of(state(), checkpoints());
  }

  private static String end(String text) {
    return text.length() < 4_000 ? text : "..." + text.substring(text.length() - 4_000);
  }

  @Override
  public void close() {
    if (process != null) {
      process.close();
    }
  }
}
