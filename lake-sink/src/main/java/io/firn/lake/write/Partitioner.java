package io.firn.lake.write;

import io.firn.lake.table.TableLayout;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.iceberg.PartitionKey;

/**
 * Numbers the partitions that rows belong to, so that rows can be sorted by partition cheaply.
 *
 * <p><b>Threading</b>: one thread.
 */
final class Partitioner {
  private final PartitionKey current;
  private final Map<PartitionKey, Integer> numbers = new HashMap<>();
  private final List<PartitionKey> partitions = new ArrayList<>();

  Partitioner(TableLayout layout) {
    this.current =
        layout.spec().isUnpartitioned() ? null : new PartitionKey(layout.spec(), layout.schema());
  }

  /** Whether the table has partitions at all; if not, every row's number is 0. */
  boolean isPartitioned() {
    return current != null;
  }

  /** The number of a row's partition. */
  int numberOf(RowView row) {
    if (current == null) {
      return 0;
    }
    current.partition(row);
    Integer number = numbers.get(current);
    if (number == null) {
      PartitionKey copy = current.copy();
      number = partitions.size();
      partitions.add(copy);
      numbers.put(copy, number);
    }
    return number;
  }

  /** The partition of a number; null if the table has none. */
  PartitionKey partition(int number) {
    return current == null ? null : partitions.get(number);
  }

  /** Forgets all numbers; to be called now and then, so that old partitions do not pile up. */
  void reset() {
    numbers.clear();
    partitions.clear();
  }
}
