package io.firn.runtime.task;

import io.firn.model.row.RowChange;
import io.firn.model.schema.TableSchema;
import java.util.IdentityHashMap;
import java.util.List;

/**
 * Counts rows by table and operation for the listener, one call per batch and table.
 *
 * <p>Rows of a batch mostly come in runs of one table, so the map is looked at once per run.
 */
final class ReadCounter {
  private static final int OPERATIONS = 4;

  private final ReadListener listener;
  private final IdentityHashMap<TableSchema, int[]> counts = new IdentityHashMap<>();
  private Boolean snapshot;

  ReadCounter(ReadListener listener) {
    this.listener = listener;
  }

  @SuppressWarnings("ReferenceEquality") // a schema stands for one version, by identity
  void count(List<RowChange> changes) {
    TableSchema schema = null;
    int[] current = null;
    for (int i = 0, size = changes.size(); i < size; i++) {
      RowChange change = changes.get(i);
      if (change.schema() != schema) {
        schema = change.schema();
        current = counts.computeIfAbsent(schema, s -> new int[OPERATIONS]);
      }
      switch (change.operation()) {
        case READ -> current[0]++;
        case INSERT -> current[1]++;
        case UPDATE -> current[2]++;
        case DELETE -> current[3]++;
      }
    }
    RowChange.Meta last = changes.get(changes.size() - 1).meta();
    boolean inSnapshot = last.position().snapshot();
    if (snapshot == null || snapshot != inSnapshot) {
      snapshot = inSnapshot;
      listener.onReading(inSnapshot);
    }
    long timestamp = last.commitTimestampMicros();
    counts.forEach(
        (table, c) -> listener.onRowsRead(table.table(), c[0], c[1], c[2], c[3], timestamp));
    counts.clear();
  }
}
