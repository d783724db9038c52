package io.firn.it.check;

import io.firn.it.engine.RowText;
import io.firn.testservers.DatabaseServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.iceberg.Table;

/**
 * The rows of one table as a multiset of canonical lines, whoever read them; change logs are
 * replayed.
 *
 * @param counts how often each line is there, by line
 */
public record RowLines(Map<String, Integer> counts) {
  private static final int SHOWN = 6;

  /** What the source has now. */
  public static RowLines source(DatabaseServer server, String database, String table) {
    Map<String, Integer> counts = new TreeMap<>();
    new SourceRows(server, database, table).forEach((key, row) -> add(counts, row, 1));
    return new RowLines(counts);
  }

  /** What Iceberg's own reader finds in a snapshot of a lake table. */
  public static RowLines lake(Table table, long snapshotId) {
    Map<String, Integer> counts = new TreeMap<>();
    new LakeRows(table)
        .at(snapshotId)
        .forEach(List.of(), (key, row, sign) -> add(counts, row, sign));
    return new RowLines(counts);
  }

  /** What an engine's reader wrote to a file. */
  public static RowLines file(Path file) throws IOException {
    Map<String, Integer> counts = new TreeMap<>();
    for (String line : Files.readAllLines(file)) {
      merge(counts, line.substring(1), line.charAt(0) == '+' ? 1 : -1);
    }
    return new RowLines(counts);
  }

  private static void add(Map<String, Integer> counts, String row, int sign) {
    merge(counts, RowText.line(row), sign);
  }

  private static void merge(Map<String, Integer> counts, String line, int sign) {
    counts.merge(line, sign, (a, b) -> a + b == 0 ? null : Integer.valueOf(a + b));
  }

  /** Number of rows. */
  public int size() {
    return counts.values().stream().mapToInt(Integer::intValue).sum();
  }

  /**
   * Compares.
   *
   * @throws AssertionError with the first differences
   */
  public void assertSame(RowLines expected, String what) {
    if (counts.equals(expected.counts)) {
      return;
    }
    Map<String, Integer> differences = new TreeMap<>(counts);
    expected.counts.forEach((line, count) -> merge(differences, line, -count));
    List<String> shown = new ArrayList<>();
    differences.forEach(
        (line, count) -> {
          if (count != 0 && shown.size() < SHOWN) {
            shown.add((count > 0 ? "too many " : "missing  ") + line.replace('\u0001', ' '));
          }
        });
    throw new AssertionError(
        what
            + ": "
            + size()
            + " rows instead of "
            + expected.size()
            + ":\n  "
            + String.join("\n  ", shown));
  }
}
