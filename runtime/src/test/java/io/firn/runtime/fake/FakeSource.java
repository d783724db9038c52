package io.firn.runtime.fake;

import io.firn.model.error.RetryableException;
import io.firn.model.row.RowChange;
import io.firn.model.schema.TableSchema;
import io.firn.model.source.Source;
import io.firn.model.source.SourceReader;
import io.firn.model.source.SourceState;
import io.firn.model.stream.ChangeBatch;
import io.firn.model.stream.SchemaChange;
import io.firn.model.stream.SourcePosition;
import io.firn.model.stream.StreamElement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;

/** Reads a {@link FakeDatabase} in random pieces; its snapshot is not resumable. */
public final class FakeSource implements Source {
  private final FakeDatabase database;
  private final Random random;
  private volatile int visibleTransactions;

  /** When set, the next poll throws it. */
  public volatile RuntimeException failure;

  public FakeSource(FakeDatabase database, Random random) {
    this.database = database;
    this.random = random;
    this.visibleTransactions = database.transactions.size();
  }

  /** Hides the transactions from this one on, as if they had not happened yet. */
  public void showUntil(int transaction) {
    visibleTransactions = transaction;
  }

  @Override
  public SourceReader createReader(Optional<SourceState> state) {
    return new Reader(state.filter(SourceState::snapshotCompleted));
  }

  @Override
  public SourcePosition currentEnd() {
    return database.end();
  }

  @Override
  public void close() {}

  private final class Reader implements SourceReader {
    private final boolean snapshotting;
    private int snapshotRow;
    private int transaction;
    private int row;
    private boolean opened;
    private boolean announced;
    private volatile boolean closed;

    Reader(Optional<SourceState> start) {
      snapshotting = start.isEmpty();
      snapshotRow = snapshotting ? 0 : database.snapshot.size();
      transaction = start.map(s -> FakeDatabase.transactionAt(s.position())).orElse(0);
    }

    @Override
    public void open() {
      opened = true;
    }

    @Override
    public Batch poll(boolean boundaryWanted) {
      if (!opened) {
        throw new IllegalStateException("poll before open");
      }
      RuntimeException toThrow = failure;
      if (toThrow != null) {
        failure = null;
        throw toThrow;
      }
      if (closed) {
        throw new RetryableException("The reader is closed");
      }
      List<StreamElement> elements = new ArrayList<>();
      if (!announced) {
        announced = true;
        announce(elements, FakeDatabase.ORDERS_SCHEMA);
        announce(elements, FakeDatabase.EVENTS_SCHEMA);
        return new Batch(elements, null);
      }
      if (snapshotRow < database.snapshot.size()) {
        int to = Math.min(database.snapshot.size(), snapshotRow + 1 + random.nextInt(8));
        elements.add(new ChangeBatch(List.copyOf(database.snapshot.subList(snapshotRow, to))));
        snapshotRow = to;
        return new Batch(elements, boundary());
      }
      List<RowChange> changes = new ArrayList<>();
      int wanted = 1 + random.nextInt(10);
      while (changes.size() < wanted && transaction < visibleTransactions) {
        List<RowChange> current = database.transactions.get(transaction);
        changes.add(current.get(row++));
        if (row == current.size()) {
          row = 0;
          transaction++;
          if (boundaryWanted) {
            break;
          }
        }
      }
      if (!changes.isEmpty()) {
        elements.add(new ChangeBatch(changes));
      }
      return new Batch(elements, row == 0 ? boundary() : null);
    }

    private void announce(List<StreamElement> elements, TableSchema schema) {
      SchemaChange.Origin origin =
          new SchemaChange.Origin(schema.table(), SourcePosition.snapshot(0), "", "");
      elements.add(new SchemaChange.CreateTable(schema, origin));
      if (snapshotting) {
        elements.add(new SchemaChange.TruncateTable(schema, origin));
      }
    }

    private SourceState boundary() {
      boolean completed = snapshotRow == database.snapshot.size();
      SourcePosition position =
          completed ? database.positionOf(transaction) : SourcePosition.snapshot(snapshotRow);
      return new SourceState(
          position, completed, "offset " + position, Map.of(FakeDatabase.ORDERS, "ddl"));
    }

    @Override
    public void close() {
      closed = true;
    }
  }
}
