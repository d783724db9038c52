package io.firn.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * Runs a command to its end and accounts for it from outside, by what Linux says of the process.
 */
final class ChildProcess {
  private static final long TICKS_PER_SECOND = 100;
  private static final long POLL_MILLIS = 100;
  private static final long LIMIT_MINUTES = 30;

  private ChildProcess() {}

  /**
   * What a run cost.
   *
   * @param seconds wall-clock time from start to exit
   * @param cpuSeconds user and system time of the process at the last look, at most 0.1 s before
   *     its end
   * @param peakResidentBytes highest resident set size
   * @param output what it printed
   */
  record Usage(double seconds, double cpuSeconds, long peakResidentBytes, String output) {
    /** The number behind {@code name=} in the line that starts with {@code result}. */
    double result(String name) {
      for (String line : output.lines().toList()) {
        int at = line.startsWith("result ") ? line.indexOf(" " + name + "=") : -1;
        if (at >= 0) {
          String rest = line.substring(at + name.length() + 2);
          int end = rest.indexOf(' ');
          return Double.parseDouble(end < 0 ? rest : rest.substring(0, end));
        }
      }
      throw new IllegalStateException("No result '" + name + "' in the output:\n" + output);
    }
  }

  /**
   * Runs a command.
   *
   * @throws IllegalStateException if it exits with anything but 0
   */
  static Usage run(List<String> command, Map<String, String> environment, Path output)
      throws IOException, InterruptedException {
    ProcessBuilder builder =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(output.toFile());
    builder.environment().putAll(environment);
    long start = System.nanoTime();
    Process process = builder.start();
    double cpuSeconds = 0;
    long peakResidentBytes = 0;
    while (!process.waitFor(POLL_MILLIS, TimeUnit.MILLISECONDS)) {
      cpuSeconds = Math.max(cpuSeconds, cpuSeconds(process.pid()));
      peakResidentBytes = Math.max(peakResidentBytes, peakResidentBytes(process.pid()));
      if (System.nanoTime() - start > TimeUnit.MINUTES.toNanos(LIMIT_MINUTES)) {
        process.destroyForcibly();
        throw new IllegalStateException(command.get(0) + " did not end; see " + output);
      }
    }
    double seconds = (System.nanoTime() - start) / 1e9;
    String text = Files.readString(output);
    if (process.exitValue() != 0) {
      throw new IllegalStateException(
          "Exit code " + process.exitValue() + " of " + command.get(0) + ":\n" + text);
    }
    return new Usage(seconds, cpuSeconds, peakResidentBytes, text);
  }

  /** CPU seconds that a process has used so far; 0 if it is gone. */
  static double cpuSeconds(long pid) {
    try {
      String stat = Files.readString(Path.of("/proc/" + pid + "/stat"));
      // Fields are counted behind the command's name, which may contain spaces.
      String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
      return (Long.parseLong(fields[11]) + Long.parseLong(fields[12])) / (double) TICKS_PER_SECOND;
    } catch (IOException e) {
      return 0;
    }
  }

  private static long peakResidentBytes(long pid) {
    try {
      for (String line : Files.readAllLines(Path.of("/proc/" + pid + "/status"))) {
        if (line.startsWith("VmHWM:")) {
          return Long.parseLong(line.replaceAll("\\D", "")) * 1024;
        }
      }
    } catch (IOException e) {
      return 0;
    }
    return 0;
  }
}
