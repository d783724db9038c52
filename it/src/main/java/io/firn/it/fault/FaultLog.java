package io.firn.it.fault;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.EnumMap;
import java.util.Map;

/**
 * Counts which faults a run of the tests reached, in a file of the run: one name a line.
 *
 * <p><b>Threading</b>: thread-safe; lines are appended in one write.
 */
public final class FaultLog {
  private final Path file;

  /** The log of a run. */
  public FaultLog(Path file) {
    this.file = file.toAbsolutePath();
  }

  /** The log of the tests of this JVM. */
  public static FaultLog ofThisRun() {
    return new FaultLog(
        Path.of(
            System.getProperty("firn.it.work", "target/it-work"),
            ProcessHandle.current().pid() + "-faults.txt"));
  }

  /** Notes that a fault happened: call it when it did, not when it was asked for. */
  public void reached(Fault fault) {
    try {
      Files.createDirectories(file.getParent());
      Files.writeString(
          file, fault.name() + "\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** How often each was reached; those that were not are missing. */
  public Map<Fault, Integer> counts() {
    Map<Fault, Integer> counts = new EnumMap<>(Fault.class);
    if (Files.exists(file)) {
      try {
        Files.readAllLines(file)
            .forEach(line -> counts.merge(Fault.valueOf(line), 1, Integer::sum));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
    return counts;
  }
}
