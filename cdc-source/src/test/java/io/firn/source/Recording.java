package io.firn.source;

import io.firn.model.row.Row;
import io.firn.model.row.RowChange;
import io.firn.model.schema.TableId;
import io.firn.model.source.SourceReader;
import io.firn.model.source.SourceReader.Batch;
import io.firn.model.source.SourceState;
import io.firn.model.stream.ChangeBatch;
import io.firn.model.stream.SchemaChange;
import io.firn.model.stream.SourcePosition;
import io.firn.model.stream.StreamElement;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reads a source as the runtime would and keeps what it gave. */
final class Recording implements AutoCloseable {
  private static final long TIMEOUT_NANOS = 60_000_000_000L;

  private final MySqlSource source;
  private final SourceReader reader;
  final List<StreamElement> elements = new ArrayList<>();
  final List<SourceState> boundaries = new ArrayList<>();

  /** How many elements had been delivered at each boundary. */
  final List<Integer> boundaryMarks = new ArrayList<>();

  private Recording(MySqlSource source, Optional<SourceState> state) {
    this.source = source;
    this.reader = source.createReader(state);
    reader.open();
  }

  static Recording open(MySqlSource source) {
    return new Recording(source, Optional.empty());
  }

  static Recording open(MySqlSource source, SourceState state) {
    return new Recording(source, Optional.of(state));
  }

  Batch poll(boolean boundaryWanted) {
    Batch batch = reader.poll(boundaryWanted);
    elements.addAll(batch.elements());
    if (batch.boundary() != null) {
      boundaries.add(batch.boundary());
      boundaryMarks.add(elements.size());
    }
    return batch;
  }

  /** Reads until a boundary at or behind the source's present end. */
  Recording toEnd() {
    return toEnd(false);
  }

  Recording toEnd(boolean everyBoundary) {
    SourcePosition end = source.currentEnd();
    long start = System.nanoTime();
    while (lastBoundary() == null
        || !lastBoundary().snapshotCompleted()
        || lastBoundary().position().compareTo(end) < 0) {
      poll(everyBoundary);
      if (System.nanoTime() - start > TIMEOUT_NANOS) {
        throw new AssertionError("Did not reach " + end + ", only " + lastBoundary());
      }
    }
    return this;
  }

  SourceState lastBoundary() {
    return boundaries.isEmpty() ? null : boundaries.get(boundaries.size() - 1);
  }

  List<RowChange> changes() {
    List<RowChange> changes = new ArrayList<>();
    for (StreamElement element : elements) {
      if (element instanceof ChangeBatch batch) {
        changes.addAll(batch.changes());
      }
    }
    return changes;
  }

  List<RowChange> changes(TableId table) {
    return changes().stream().filter(change -> change.table().equals(table)).toList();
  }

  List<SchemaChange> schemaChanges() {
    return elements.stream()
        .filter(SchemaChange.class::isInstance)
        .map(SchemaChange.class::cast)
        .toList();
  }

  void forget() {
    elements.clear();
    boundaries.clear();
    boundaryMarks.clear();
  }

  /** The rows of a keyed table that are left when all changes so far are applied. */
  Map<List<Object>, Row> table(TableId table) {
    return apply(elements, table);
  }

  static Map<List<Object>, Row> apply(List<StreamElement> elements, TableId table) {
    Map<List<Object>, Row> rows = new LinkedHashMap<>();
    for (StreamElement element : elements) {
      if (element instanceof SchemaChange.TruncateTable change && change.table().equals(table)) {
        rows.clear();
      }
      if (element instanceof ChangeBatch batch) {
        for (RowChange change : batch.changes()) {
          if (change.table().equals(table)) {
            List<Object> key = key(change.schema().keyIndexes(), change.keyImage());
            if (change.after() == null) {
              rows.remove(key);
            } else {
              rows.put(key, change.after());
            }
          }
        }
      }
    }
    return rows;
  }

  private static List<Object> key(int[] indexes, Row row) {
    List<Object> key = new ArrayList<>();
    for (int index : indexes) {
      key.add(row.get(index));
    }
    return key;
  }

  @Override
  public void close() {
    reader.close();
  }
}
