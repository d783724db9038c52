package io.firn.it.process;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * Counts the operations of this process that leave something behind, and ends the process, as
 * abruptly as SIGKILL, right before the N-th.
 *
 * <p>System properties: {@code firn.it.halt.at} is N (none: count only); {@code
 * firn.it.halt.journal} is a file that gets a line for every operation.
 *
 * <p>The count is static because catalogs and file access are created by name, by Iceberg: there is
 * no constructor to hand it over with.
 *
 * <p><b>Threading</b>: thread-safe; operations are counted one after the other.
 */
public final class HaltCounter {
  /** Property with the number of the operation to halt before, from 1. */
  public static final String AT = "firn.it.halt.at";

  /** Property with the journal's file. */
  public static final String JOURNAL = "firn.it.halt.journal";

  private static final long HALT_AT = Long.getLong(AT, Long.MAX_VALUE);
  private static final String FILE = System.getProperty(JOURNAL);

  private static long count;

  private HaltCounter() {}

  /** Counts an operation that is about to happen. Does not return from the N-th. */
  public static synchronized void tick(String operation) {
    count++;
    if (FILE != null) {
      try {
        Files.writeString(
            Path.of(FILE),
            count + " " + operation + "\n",
            StandardOpenOption.CREATE,
            StandardOpenOption.APPEND);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
    if (count == HALT_AT) {
      Runtime.getRuntime().halt(FirnProcess.KILLED);
    }
  }
}
