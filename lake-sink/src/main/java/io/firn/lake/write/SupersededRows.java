package io.firn.lake.write;

import io.firn.lake.index.RowLocation;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/**
 * Collects the places of rows that are no longer valid, by data file.
 *
 * <p><b>Threading</b>: one thread.
 */
final class SupersededRows {
  private static final class Positions {
    long[] values = new long[16];
    int count;
  }

  private final Map<Long, Positions> byFile = new HashMap<>();

  /** Adds a row; every row at most once. */
  void add(long location) {
    Positions positions =
        byFile.computeIfAbsent(RowLocation.fileId(location), id -> new Positions());
    if (positions.count == positions.values.length) {
      positions.values = Arrays.copyOf(positions.values, positions.count * 2);
    }
    positions.values[positions.count++] = RowLocation.position(location);
  }

  /** Forgets everything. */
  void clear() {
    byFile.clear();
  }

  /** Hands over what was collected, positions ascending, and starts anew. */
  Map<Long, long[]> handOver() {
    Map<Long, long[]> result = new HashMap<>();
    byFile.forEach(
        (fileId, positions) -> {
          long[] sorted = Arrays.copyOf(positions.values, positions.count);
          Arrays.sort(sorted);
          result.put(fileId, sorted);
        });
    byFile.clear();
    return result;
  }
}
