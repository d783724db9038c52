package io.firn.simulation.source;

import io.firn.model.error.RetryableException;
import io.firn.model.row.Operation;
import io.firn.model.row.RowChange;
import io.firn.model.schema.TableId;
import io.firn.model.schema.TableSchema;
import io.firn.model.source.SourceReader;
import io.firn.model.source.SourceState;
import io.firn.model.stream.ChangeBatch;
import io.firn.model.stream.SchemaChange;
import io.firn.model.stream.SourcePosition;
import io.firn.model.stream.StreamElement;
import io.firn.simulation.fault.Fault;
import io.firn.simulation.fault.Faults;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.IntSupplier;

/**
 * Reads a {@link SourceHistory} in random pieces, from an initial snapshot or from a transaction.
 * Batches end anywhere, also in the middle of a transaction or between the two records of an event.
 */
final class SimulatedReader implements SourceReader {
  private final SourceHistory history;
  private final IntSupplier visible;
  private final Faults faults;
  private final Random random;
  private final boolean snapshotting;
  private final Map<TableId, SourceTable> tables = new TreeMap<>();
  private final Map<TableId, TableSchema> schemas = new HashMap<>();
  private final List<RowChange> snapshot = new ArrayList<>();
  private final List<StreamElement> pending = new ArrayList<>();
  private int snapshotRow;
  private int transaction;
  private boolean opened;
  private boolean announced;
  private boolean closed;

  SimulatedReader(
      SourceHistory history,
      IntSupplier visible,
      Faults faults,
      Random random,
      int transaction,
      boolean snapshotting) {
    this.history = history;
    this.visible = visible;
    this.faults = faults;
    this.random = random;
    this.transaction = transaction;
    this.snapshotting = snapshotting;
    for (SourceTable table : history.after(transaction).tables()) {
      tables.put(table.id(), table);
      schemas.put(table.id(), Conversions.schema(table));
    }
  }

  @Override
  public void open() {
    faults.operation("source open");
    opened = true;
    if (!snapshotting) {
      return;
    }
    DatabaseState state = history.after(transaction);
    for (SourceTable table : state.tables()) {
      for (Map<String, Object> values : state.rows(table.id())) {
        RowChange.Meta meta = new RowChange.Meta(SourcePosition.snapshot(snapshot.size()), null, 0);
        snapshot.add(
            new RowChange(
                schemas.get(table.id()),
                Operation.READ,
                null,
                Conversions.row(table, values),
                meta));
      }
    }
  }

  @Override
  public Batch poll(boolean boundaryWanted) {
    if (!opened || closed) {
      throw new RetryableException("The reader is not open");
    }
    faults.operation("source poll");
    if (faults.strikes(Fault.SOURCE_DISCONNECTED)) {
      throw new RetryableException("The connection to the source was lost");
    }
    if (!announced) {
      announced = true;
      return new Batch(announcements(), null);
    }
    if (snapshotRow < snapshot.size()) {
      int to = Math.min(snapshot.size(), snapshotRow + 1 + random.nextInt(8));
      List<RowChange> rows = List.copyOf(snapshot.subList(snapshotRow, to));
      snapshotRow = to;
      return new Batch(List.of(new ChangeBatch(rows)), boundary());
    }
    return stream(boundaryWanted);
  }

  private List<StreamElement> announcements() {
    List<StreamElement> elements = new ArrayList<>();
    for (SourceTable table : tables.values()) {
      SchemaChange.Origin origin =
          origin(table, SourcePosition.snapshot(0), SourceHistory.snapshotMicros(transaction));
      elements.add(new SchemaChange.CreateTable(schemas.get(table.id()), origin));
      if (snapshotting) {
        elements.add(new SchemaChange.TruncateTable(schemas.get(table.id()), origin));
      }
    }
    return elements;
  }

  private static SchemaChange.Origin origin(
      SourceTable table, SourcePosition position, long micros) {
    return new SchemaChange.Origin(table.id(), position, "", table.description(), micros);
  }

  private Batch stream(boolean boundaryWanted) {
    List<StreamElement> elements = new ArrayList<>();
    int wanted = 1 + random.nextInt(10);
    while (elements.size() < wanted) {
      if (pending.isEmpty()) {
        if (transaction >= visible.getAsInt() || (boundaryWanted && !elements.isEmpty())) {
          break;
        }
        read(transaction);
      }
      elements.add(pending.remove(0));
      if (pending.isEmpty()) {
        transaction++;
      }
    }
    return new Batch(merged(elements), pending.isEmpty() ? boundary() : null);
  }

  /** Rows that follow each other go into one batch. */
  private static List<StreamElement> merged(List<StreamElement> elements) {
    List<StreamElement> merged = new ArrayList<>();
    List<RowChange> rows = new ArrayList<>();
    for (StreamElement element : elements) {
      if (element instanceof ChangeBatch batch) {
        rows.addAll(batch.changes());
        continue;
      }
      if (!rows.isEmpty()) {
        merged.add(new ChangeBatch(List.copyOf(rows)));
        rows.clear();
      }
      merged.add(element);
    }
    if (!rows.isEmpty()) {
      merged.add(new ChangeBatch(rows));
    }
    return merged;
  }

  private void read(int number) {
    int row = 0;
    for (SourceEvent event : history.transaction(number).events()) {
      SourcePosition position = Conversions.position(number, row);
      if (event instanceof SourceEvent.Rows rows) {
        for (RowOperation operation : rows.operations()) {
          pending.add(
              new ChangeBatch(List.of(change(operation, Conversions.position(number, row++)))));
        }
      } else if (event instanceof SourceEvent.Statement statement) {
        pending.add(schemaChange(statement, position));
        row++;
      }
    }
  }

  private RowChange change(RowOperation operation, SourcePosition position) {
    SourceTable table = tables.get(operation.table());
    Operation kind =
        operation.before() == null
            ? Operation.INSERT
            : operation.after() == null ? Operation.DELETE : Operation.UPDATE;
    return new RowChange(
        schemas.get(operation.table()),
        kind,
        Conversions.row(table, operation.before()),
        Conversions.row(table, operation.after()),
        new RowChange.Meta(position, "t" + transaction, SourceHistory.commitMicros(transaction)));
  }

  private SchemaChange schemaChange(SourceEvent.Statement statement, SourcePosition position) {
    SourceTable after = statement.after();
    TableSchema schema = Conversions.schema(after);
    tables.put(after.id(), after);
    schemas.put(after.id(), schema);
    SchemaChange.Origin origin = origin(after, position, SourceHistory.commitMicros(transaction));
    if (statement instanceof SourceEvent.AddColumn add) {
      return new SchemaChange.AddColumns(schema, List.of(add.column().name()), origin);
    } else if (statement instanceof SourceEvent.DropColumn drop) {
      return new SchemaChange.DropColumns(schema, List.of(drop.column()), origin);
    } else if (statement instanceof SourceEvent.RenameColumn rename) {
      return new SchemaChange.RenameColumns(schema, rename.names(), origin);
    } else if (statement instanceof SourceEvent.WidenColumn widen) {
      return new SchemaChange.AlterColumns(schema, List.of(widen.column()), origin);
    }
    return new SchemaChange.TruncateTable(schema, origin);
  }

  private SourceState boundary() {
    boolean completed = snapshotRow == snapshot.size();
    SourcePosition position =
        completed ? Conversions.position(transaction, 0) : SourcePosition.snapshot(snapshotRow);
    Map<TableId, String> descriptions = new TreeMap<>();
    tables.forEach((id, table) -> descriptions.put(id, table.description()));
    return new SourceState(position, completed, "offset " + position, descriptions);
  }

  @Override
  public void close() {
    closed = true;
  }
}
