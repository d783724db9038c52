package io.firn.runtime.task;

import io.firn.model.row.Operation;
import io.firn.model.row.Row;
import io.firn.model.row.RowChange;
import io.firn.model.source.SourceReader;
import io.firn.model.source.SourceState;
import io.firn.model.stream.Barrier;
import io.firn.model.stream.ChangeBatch;
import io.firn.model.stream.SchemaChange;
import io.firn.model.stream.SourcePosition;
import io.firn.runtime.checkpoint.CheckpointAck;
import io.firn.runtime.checkpoint.CheckpointResponder;
import io.firn.runtime.fake.FakeDatabase;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;

/** Rows, elements and scripted neighbours for tests of single tasks. */
final class TaskFixtures {
  private TaskFixtures() {}

  static SourcePosition position(long offset) {
    return SourcePosition.binlog("binlog.000001", offset, 0, null);
  }

  static SourceState state(long offset) {
    return new SourceState(position(offset), true, "", Map.of());
  }

  static RowChange order(long id) {
    return new RowChange(
        FakeDatabase.ORDERS_SCHEMA,
        Operation.INSERT,
        null,
        Row.of(id, id, "v"),
        new RowChange.Meta(position(id), null, 0));
  }

  static ChangeBatch orders(long... ids) {
    List<RowChange> changes = new ArrayList<>();
    for (long id : ids) {
      changes.add(order(id));
    }
    return new ChangeBatch(changes);
  }

  static SchemaChange.CreateTable create() {
    return new SchemaChange.CreateTable(
        FakeDatabase.ORDERS_SCHEMA,
        new SchemaChange.Origin(FakeDatabase.ORDERS, position(0), "", ""));
  }

  static Barrier barrier(long id) {
    return new Barrier(id, state(id));
  }

  /** Gives prepared batches, then nothing. */
  static final class ScriptedReader implements SourceReader {
    final Deque<Batch> batches = new ArrayDeque<>();
    final List<Boolean> asked = new ArrayList<>();
    boolean opened;
    boolean closed;

    @Override
    public void open() {
      opened = true;
    }

    @Override
    public Batch poll(boolean boundaryWanted) {
      asked.add(boundaryWanted);
      Batch batch = batches.poll();
      return batch == null ? Batch.EMPTY : batch;
    }

    @Override
    public void close() {
      closed = true;
    }
  }

  /** Writes down what tasks report. */
  static final class Reports implements CheckpointResponder {
    final List<String> heard = new ArrayList<>();
    final List<CheckpointAck> acks = new ArrayList<>();

    @Override
    public void barrierPlaced(Barrier barrier, long rows) {
      heard.add("barrier " + barrier.checkpointId() + " after " + rows);
    }

    @Override
    public void declined(long checkpointId) {
      heard.add("declined " + checkpointId);
    }

    @Override
    public void caughtUp() {
      heard.add("caught up");
    }

    @Override
    public void acknowledge(CheckpointAck ack) {
      acks.add(ack);
    }
  }
}
