package io.firn.testservers.process;

import io.firn.testservers.ServerException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.concurrent.TimeUnit;

/**
 * A server as a child process that never outlives this JVM, even if the JVM is killed: a watcher (a
 * shell that waits for its standard input to end) then kills the server by its process id.
 *
 * <p><b>Threading</b>: one thread at a time.
 */
public final class ServerProcess implements AutoCloseable {
  private final Process process;
  private final Process watcher;
  private final Thread hook;
  private final Path log;

  private ServerProcess(Process process, Process watcher, Path log) {
    this.process = process;
    this.watcher = watcher;
    this.log = log;
    this.hook = new Thread(process::destroyForcibly, "stop-server-" + process.pid());
    Runtime.getRuntime().addShutdownHook(hook);
  }

  /**
   * Starts a command.
   *
   * @param directory its working directory
   * @param log file that its output is appended to
   */
  public static ServerProcess start(List<String> command, Path directory, Path log) {
    return start(command, directory, log, Map.of());
  }

  /**
   * Starts a command.
   *
   * @param directory its working directory
   * @param log file that its output is appended to
   * @param environment variables that it has in addition
   */
  public static ServerProcess start(
      List<String> command, Path directory, Path log, Map<String, String> environment) {
    try {
      ProcessBuilder builder =
          new ProcessBuilder(command)
              .directory(directory.toFile())
              .redirectErrorStream(true)
              .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
              .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
      builder.environment().putAll(environment);
      Process process = builder.start();
      Process watcher =
          new ProcessBuilder("sh", "-c", "read _; kill -9 " + process.pid() + " 2>/dev/null")
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .redirectError(ProcessBuilder.Redirect.DISCARD)
              .start();
      return new ServerProcess(process, watcher, log);
    } catch (IOException e) {
      throw new ServerException("Cannot start '" + command.get(0) + "': " + e.getMessage(), e);
    }
  }

  /** Whether it runs. */
  public boolean isAlive() {
    return process.isAlive();
  }

  /** Its process id. */
  public long pid() {
    return process.pid();
  }

  /** The file with its output. */
  public Path log() {
    return log;
  }

  /** Its exit code; empty if it still runs after the limit. */
  public OptionalInt exitCode(long limitSeconds) {
    return awaitExit(limitSeconds) ? OptionalInt.of(process.exitValue()) : OptionalInt.empty();
  }

  /**
   * Sends it a signal.
   *
   * @param name such as {@code STOP} or {@code TERM}
   */
  public void signal(String name) throws IOException, InterruptedException {
    if (process.isAlive()) {
      Commands.run(List.of("kill", "-" + name, Long.toString(process.pid())), null, 10);
    }
  }

  /** Asks it to stop (SIGTERM) and waits; kills it if it takes longer than the limit. */
  public void stop(long limitSeconds) {
    if (process.isAlive()) {
      process.destroy();
      if (!awaitExit(limitSeconds)) {
        process.destroyForcibly();
        awaitExit(limitSeconds);
      }
    }
    close();
  }

  /** Kills it (SIGKILL) and waits until it is gone. */
  @Override
  public void close() {
    // First the watcher: afterwards the process id may belong to somebody else.
    watcher.destroyForcibly();
    process.destroyForcibly();
    awaitExit(60);
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException e) {
      // The JVM is shutting down already, and the hook has nothing left to do.
      return;
    }
  }

  private boolean awaitExit(long seconds) {
    boolean interrupted = false;
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
    try {
      while (true) {
        try {
          return process.waitFor(end - System.nanoTime(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
          interrupted = true;
        }
      }
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
