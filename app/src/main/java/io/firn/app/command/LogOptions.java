package io.firn.app.command;

import java.nio.file.Path;
import picocli.CommandLine.Option;

/** The options about the log that every command has. */
final class LogOptions {
  @Option(
      names = {"-v", "--verbose"},
      description = "Write more to the log file.")
  private boolean verbose;

  @Option(
      names = "--log-file",
      paramLabel = "FILE",
      description = "Where to write the log (default: ./firn-data/<pipeline>/firn.log).")
  private Path file;

  boolean verbose() {
    return verbose;
  }

  /** As given, or null. */
  Path file() {
    return file;
  }
}
