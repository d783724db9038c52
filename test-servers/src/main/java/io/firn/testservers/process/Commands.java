package io.firn.testservers.process;

import io.firn.testservers.ServerException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Runs short commands to their end. */
public final class Commands {
  private static final int SHOWN_CHARACTERS = 4000;

  private Commands() {}

  /**
   * Runs a command and returns its output, standard error included.
   *
   * @param input file for its standard input, or null
   * @throws ServerException if it fails or takes longer than the limit; with the end of its output
   */
  public static String run(List<String> command, Path input, long limitSeconds)
      throws IOException, InterruptedException {
    Path output = Files.createTempFile("firn-command", ".out");
    try {
      ProcessBuilder builder =
          new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(output.toFile());
      builder.environment().put("LC_ALL", "C.UTF-8");
      if (input != null) {
        builder.redirectInput(input.toFile());
      }
      Process process = builder.start();
      if (input == null) {
        process.getOutputStream().close();
      }
      if (!process.waitFor(limitSeconds, TimeUnit.SECONDS)) {
        process.destroyForcibly();
        throw new ServerException(
            "'" + shown(command) + "' took longer than " + limitSeconds + " s:\n" + end(output));
      }
      if (process.exitValue() != 0) {
        throw new ServerException(
            "'" + shown(command) + "' exited with " + process.exitValue() + ":\n" + end(output));
      }
      return Files.readString(output);
    } finally {
      Files.deleteIfExists(output);
    }
  }

  /** The last part of a file, for messages. */
  public static String end(Path file) {
    try {
      String text = Files.readString(file);
      return text.length() <= SHOWN_CHARACTERS
          ? text
          : "..." + text.substring(text.length() - SHOWN_CHARACTERS);
    } catch (IOException e) {
      return "(cannot read " + file + ": " + e.getMessage() + ")";
    }
  }

  private static String shown(List<String> command) {
    String text = String.join(" ", command);
    return text.length() <= 300 ? text : text.substring(0, 300) + "...";
  }
}
