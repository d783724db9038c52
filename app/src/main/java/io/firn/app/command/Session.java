package io.firn.app.command;

import io.firn.app.ExitCode;
import io.firn.app.log.LogFile;
import io.firn.app.terminal.Console;
import io.firn.dsl.Environment;
import io.firn.model.error.ConfigurationException;
import io.firn.model.error.FirnException;
import java.io.IOException;
import java.nio.file.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the commands of one run of the program share: the terminal, the environment, and where the
 * log goes.
 */
public final class Session implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Session.class);

  private final Console console;
  private final Environment environment;
  private Path logFile;

  /** A session on this terminal. */
  public Session(Console console, Environment environment) {
    this.console = console;
    this.environment = environment;
  }

  /** The terminal. */
  public Console console() {
    return console;
  }

  /** Where pipeline files get their variables from. */
  public Environment environment() {
    return environment;
  }

  /**
   * Starts writing the log.
   *
   * @param chosen what the command line says, or null
   * @param fallback where it goes otherwise
   */
  void startLog(LogOptions chosen, Path fallback) {
    Path file = chosen.file() == null ? fallback : chosen.file();
    try {
      LogFile.start(file, chosen.verbose(), console.secrets());
    } catch (IOException e) {
      throw new ConfigurationException(
          "Cannot write the log file '"
              + file
              + "': "
              + e.getMessage()
              + "; choose another one with --log-file.",
          e);
    }
    logFile = file;
    LOG.info("Firn starts, process {}", ProcessHandle.current().pid());
  }

  /** Tells people what went wrong, and the log everything about it. */
  public int report(Throwable failure) {
    LOG.error("Failed", failure);
    int code = ExitCode.of(failure);
    console.error(describe(failure));
    if (code == ExitCode.FAILED && logFile != null) {
      console.error("The log file '" + logFile + "' tells more.");
    }
    return code;
  }

  private static String describe(Throwable failure) {
    // Wrappers around the exception that says what to do add nothing for people.
    int depth = 0;
    for (Throwable cause = failure; cause != null && depth < 50; cause = cause.getCause()) {
      if (cause instanceof FirnException) {
        return cause.getMessage();
      }
      depth++;
    }
    if (failure instanceof OutOfMemoryError) {
      return "Out of memory; give the JVM more with FIRN_JAVA_OPTS=-Xmx...";
    }
    String message = failure.getMessage() == null ? "" : ": " + firstLine(failure.getMessage());
    return "Unexpected failure, " + failure.getClass().getSimpleName() + message;
  }

  private static String firstLine(String text) {
    String line = text.lines().findFirst().orElse("");
    return line.length() > 200 ? line.substring(0, 200) + "..." : line;
  }

  @Override
  public void close() {
    LogFile.silence();
  }
}
