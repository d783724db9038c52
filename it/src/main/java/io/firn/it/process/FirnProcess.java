package io.firn.it.process;

import io.firn.testservers.process.ServerProcess;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;

/** Firn in a JVM of its own, as the launcher starts it, with the tests' class path. */
public final class FirnProcess implements AutoCloseable {
  /** Exit code of a process that was killed, or halted itself as if it were. */
  public static final int KILLED = 137;

  /** System property of {@link Options} that sets the largest heap, such as {@code 512m}. */
  public static final String HEAP = "firn.it.heap";

  private static final String MAIN = System.getProperty("firn.it.main", "io.firn.app.FirnCommand");

  private final ServerProcess process;
  private final List<String> arguments;

  private FirnProcess(ServerProcess process, List<String> arguments) {
    this.process = process;
    this.arguments = arguments;
  }

  /**
   * How to start it.
   *
   * @param directory working directory; arguments and output are kept there
   * @param mainClass the class to run
   * @param properties system properties
   * @param environment variables
   * @param jvmOptions more options of the JVM
   */
  public record Options(
      Path directory,
      String mainClass,
      Map<String, String> properties,
      Map<String, String> environment,
      List<String> jvmOptions) {

    /** The command line tool with the source's password in its environment. */
    public static Options of(Pipeline pipeline) {
      return new Options(
          pipeline.directory(),
          MAIN,
          Map.of(),
          Map.of(Pipeline.PASSWORD_VARIABLE, pipeline.account().password()),
          List.of());
    }

    /** The same, leaving its classes behind. */
    public Options writing(ClassArchive archive) {
      return new Options(directory, mainClass, properties, environment, archive.writing());
    }

    /** The same, with classes that another process left behind. */
    public Options reading(ClassArchive archive) {
      return new Options(directory, mainClass, properties, environment, archive.reading());
    }

    /** The same with another system property. */
    public Options property(String name, String value) {
      return with(mainClass, Map.of(name, value));
    }

    /** The same with another main class and more system properties. */
    public Options with(String otherMain, Map<String, String> moreProperties) {
      Map<String, String> all = new LinkedHashMap<>(properties);
      all.putAll(moreProperties);
      return new Options(directory, otherMain, all, environment, jvmOptions);
    }
  }

  /** Starts it with command line arguments. */
  public static FirnProcess start(Options options, String... arguments) {
    try {
      Files.createDirectories(options.directory());
      Path output = Files.createTempFile(options.directory(), "firn-" + arguments[0] + "-", ".out");
      Path classPath = options.directory().resolve("class.path");
      Files.writeString(classPath, "-cp \"" + StableClassPath.get() + "\"\n");
      List<String> command = new ArrayList<>();
      command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
      command.addAll(
          List.of(
              "-Xms128m",
              "-Xmx" + options.properties().getOrDefault(HEAP, "768m"),
              "-XX:MaxDirectMemorySize=256m",
              "-XX:+UseParallelGC",
              "-XX:+ExitOnOutOfMemoryError",
              // Many short runs on few cores: compiling less is faster.
              "-XX:TieredStopAtLevel=1",
              "-Dfile.encoding=UTF-8",
              "-Djava.io.tmpdir=" + options.directory(),
              "-Dfirn.home=" + options.directory()));
      command.addAll(options.jvmOptions());
      options.properties().forEach((name, value) -> command.add("-D" + name + "=" + value));
      command.add("@" + classPath);
      command.add(options.mainClass());
      command.addAll(List.of(arguments));
      Map<String, String> environment = new LinkedHashMap<>(options.environment());
      environment.put("MALLOC_ARENA_MAX", "2");
      return new FirnProcess(
          ServerProcess.start(command, options.directory(), output, environment),
          List.of(arguments));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Waits for its end.
   *
   * @throws AssertionError if it runs longer than the limit; it is killed then
   */
  public int waitFor(long limitSeconds) {
    OptionalInt code = process.exitCode(limitSeconds);
    if (code.isEmpty()) {
      String threads = threads();
      process.close();
      throw new AssertionError(
          this + " still ran after " + limitSeconds + " s:\n" + output() + "\n" + threads);
    }
    process.close();
    return code.getAsInt();
  }

  /** Waits for its end and checks the exit code. */
  public void expectExit(int expected, long limitSeconds) {
    int code = waitFor(limitSeconds);
    if (code != expected) {
      throw new AssertionError(
          this + " exited with " + code + " instead of " + expected + ":\n" + output());
    }
  }

  /** Waits until its output contains the pattern, or it ended; says whether it was found. */
  public boolean awaitOutput(String pattern, long limitSeconds) {
    Pattern wanted = Pattern.compile(pattern);
    return await(() -> wanted.matcher(output()).find(), limitSeconds);
  }

  /** Waits until the condition holds, or it ended; says whether the condition held. */
  public boolean await(Condition condition, long limitSeconds) {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(limitSeconds);
    while (System.nanoTime() < end) {
      if (condition.holds()) {
        return true;
      }
      if (!process.isAlive()) {
        return condition.holds();
      }
      pause(100);
    }
    return false;
  }

  /** Something to wait for. */
  public interface Condition {
    boolean holds();
  }

  /** Everything it printed so far, on both streams. */
  public String output() {
    try {
      return Files.readString(process.log());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Whether it runs. */
  public boolean isAlive() {
    return process.isAlive();
  }

  /** SIGKILL, and waits until it is gone. */
  public void kill() {
    process.close();
  }

  /** Its process id. */
  public long pid() {
    return process.pid();
  }

  /** Number of its threads, on Linux. */
  public int threadCount() {
    return entries("task");
  }

  /** Number of files, directories and connections that it has open, on Linux. */
  public int openFiles() {
    return entries("fd");
  }

  private int entries(String name) {
    String[] entries = Path.of("/proc", Long.toString(process.pid()), name).toFile().list();
    return entries == null ? 0 : entries.length;
  }

  /** Asks it to end in good order. */
  public void terminate() throws IOException, InterruptedException {
    process.signal("TERM");
  }

  /** SIGSTOP: it does nothing until {@link #resume()}. */
  public void suspend() throws IOException, InterruptedException {
    process.signal("STOP");
  }

  /** SIGCONT. */
  public void resume() throws IOException, InterruptedException {
    process.signal("CONT");
  }

  @Override
  public void close() {
    process.close();
  }

  private String threads() {
    try {
      process.signal("QUIT");
      pause(500);
      return output();
    } catch (IOException | InterruptedException | RuntimeException e) {
      return "(no thread dump: " + e + ")";
    }
  }

  private static void pause(long millis) {
    try {
      Thread.sleep(millis);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("Interrupted while waiting for Firn", e);
    }
  }

  @Override
  public String toString() {
    return "firn " + String.join(" ", arguments);
  }
}
