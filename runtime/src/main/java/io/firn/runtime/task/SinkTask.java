package io.firn.runtime.task;

import io.firn.model.row.RowChange;
import io.firn.model.sink.SinkWriter;
import io.firn.model.sink.SinkWriter.Committable;
import io.firn.model.stream.Barrier;
import io.firn.model.stream.ChangeBatch;
import io.firn.model.stream.SchemaChange;
import io.firn.model.stream.StreamElement;
import io.firn.model.transform.Transform;
import io.firn.runtime.checkpoint.CheckpointAck;
import io.firn.runtime.checkpoint.CheckpointResponder;
import io.firn.runtime.schedule.Progress;
import io.firn.runtime.schedule.Signal;
import io.firn.runtime.schedule.Task;
import io.firn.runtime.state.KeyedStateStore;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Writes the rows of some key groups, after transforming them where no exchange is needed in
 * between.
 *
 * <p><b>Invariants</b>: at a barrier the writer's part of the checkpoint and the state are handed
 * over together, before anything behind the barrier is looked at.
 *
 * <p><b>Threading</b>: the task's thread.
 */
public final class SinkTask implements Task {
  private final int subtask;
  private final OrderedInputs inputs;
  private final Optional<RowTransform> transform;
  private final SinkWriter writer;
  private final KeyedStateStore state;
  private final CheckpointResponder responder;
  private long nextCheckpointId;

  /**
   * @param subtask number of the task among its siblings
   * @param transform applied before writing; empty if rows come transformed
   * @param state the store that the writer uses
   * @param firstCheckpointId the checkpoint that the first rows belong to
   */
  public SinkTask(
      int subtask,
      OrderedInputs inputs,
      Optional<Transform> transform,
      SinkWriter writer,
      KeyedStateStore state,
      CheckpointResponder responder,
      long firstCheckpointId) {
    this.subtask = subtask;
    this.inputs = inputs;
    this.transform = transform.map(RowTransform::new);
    this.writer = writer;
    this.state = state;
    this.responder = responder;
    this.nextCheckpointId = firstCheckpointId;
  }

  @Override
  public String name() {
    return "sink-" + subtask;
  }

  @Override
  public void attach(Signal signal) {
    inputs.attach(signal);
  }

  @Override
  public Progress step() {
    StreamElement element = inputs.poll();
    if (element == null) {
      return Progress.IDLE;
    }
    if (element instanceof ChangeBatch batch) {
      write(batch.changes());
    } else if (element instanceof SchemaChange change) {
      if (transform.isPresent()) {
        transform.get().transform().apply(change).forEach(writer::apply);
      } else {
        writer.apply(change);
      }
    } else if (element instanceof Barrier barrier) {
      passBarrier(barrier);
    }
    return Progress.PROGRESSED;
  }

  private void write(List<RowChange> changes) {
    if (transform.isEmpty()) {
      writer.write(changes);
      return;
    }
    List<RowChange> transformed = new ArrayList<>(changes.size());
    transform.get().apply(changes, transformed::add);
    if (!transformed.isEmpty()) {
      writer.write(transformed);
    }
  }

  private void passBarrier(Barrier barrier) {
    if (barrier.checkpointId() != nextCheckpointId) {
      throw new IllegalStateException(
          "Task "
              + name()
              + " got barrier "
              + barrier.checkpointId()
              + " instead of "
              + nextCheckpointId);
    }
    List<Committable> committables = List.copyOf(writer.prepareCommit(nextCheckpointId));
    responder.acknowledge(
        new CheckpointAck(
            nextCheckpointId, subtask, committables, state.snapshot(nextCheckpointId)));
    nextCheckpointId++;
  }

  @Override
  public void close() {
    try {
      writer.close();
    } finally {
      state.close();
    }
  }
}
