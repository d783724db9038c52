package io.firn.runtime.task;

import io.firn.model.row.RowChange;
import io.firn.model.stream.ChangeBatch;
import java.util.List;

/**
 * Deals whole batches to the tasks in turn. {@link OrderedInputs} further down takes them up in the
 * same turn, so the source's order of rows survives a stage of parallel tasks.
 */
public final class RoundRobinDistribution implements Distribution {
  private final Outputs outputs;
  private final int batchRows;
  private int next;

  /**
   * @param outputs one per task
   * @param batchRows larger batches are cut, so that all tasks have work
   */
  public RoundRobinDistribution(Outputs outputs, int batchRows) {
    this.outputs = outputs;
    this.batchRows = batchRows;
  }

  @Override
  public void distribute(ChangeBatch batch) {
    List<RowChange> changes = batch.changes();
    for (int from = 0; from < changes.size(); from += batchRows) {
      int to = Math.min(from + batchRows, changes.size());
      boolean whole = from == 0 && to == changes.size();
      outputs.emit(next, whole ? batch : new ChangeBatch(changes.subList(from, to)));
      next = (next + 1) % outputs.size();
    }
  }

  @Override
  public void flush() {}
}
