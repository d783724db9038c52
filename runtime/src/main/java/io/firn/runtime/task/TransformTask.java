package io.firn.runtime.task;

import io.firn.model.row.RowChange;
import io.firn.model.stream.ChangeBatch;
import io.firn.model.stream.SchemaChange;
import io.firn.model.stream.StreamElement;
import io.firn.model.transform.Transform;
import io.firn.runtime.schedule.Progress;
import io.firn.runtime.schedule.Signal;
import io.firn.runtime.schedule.Task;
import java.util.ArrayList;
import java.util.List;

/**
 * Transforms rows and sends them on by their new key. Used where a transform changes keys;
 * elsewhere the transform runs inside the {@link SinkTask}.
 *
 * <p><b>Invariants</b>: for every batch taken, each output gets exactly one, so that {@link
 * OrderedInputs} can keep the order.
 *
 * <p><b>Threading</b>: the task's thread.
 */
public final class TransformTask implements Task {
  private final String name;
  private final OrderedInputs inputs;
  private final RowTransform transform;
  private final Outputs outputs;
  private List<List<RowChange>> gathered;

  /**
   * @param subtask number of the task among its siblings
   * @param outputs one per keyed task
   */
  public TransformTask(int subtask, OrderedInputs inputs, Transform transform, Outputs outputs) {
    this.name = "transform-" + subtask;
    this.inputs = inputs;
    this.transform = new RowTransform(transform);
    this.outputs = outputs;
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public void attach(Signal signal) {
    inputs.attach(signal);
    outputs.attach(signal);
  }

  @Override
  public Progress step() {
    if (!outputs.flush()) {
      return Progress.BLOCKED;
    }
    StreamElement element = inputs.poll();
    if (element == null) {
      return Progress.IDLE;
    }
    if (element instanceof ChangeBatch batch) {
      transform(batch);
    } else if (element instanceof SchemaChange change) {
      transform.transform().apply(change).forEach(outputs::broadcast);
    } else {
      outputs.broadcast(element);
    }
    return Progress.PROGRESSED;
  }

  private void transform(ChangeBatch batch) {
    int targets = outputs.size();
    gathered = new ArrayList<>(targets);
    for (int target = 0; target < targets; target++) {
      gathered.add(new ArrayList<>());
    }
    transform.apply(batch.changes(), this::gather);
    for (int target = 0; target < targets; target++) {
      List<RowChange> rows = gathered.get(target);
      outputs.emit(target, rows.isEmpty() ? OrderedInputs.NOTHING : new ChangeBatch(rows));
    }
    gathered = null;
  }

  private void gather(RowChange change) {
    gathered.get(RowTargets.of(change, gathered.size())).add(change);
  }

  @Override
  public void close() {}
}
