package io.firn.runtime.task;

import io.firn.model.row.RowChange;
import io.firn.model.stream.ChangeBatch;
import java.util.ArrayList;
import java.util.List;

/**
 * Sends every row to the task that owns its key, gathered into batches per task.
 *
 * <p>Per row: one key hash and one append to a list; nothing is copied for a single task.
 */
public final class KeyedDistribution implements Distribution {
  private final Outputs outputs;
  private final int batchRows;
  private final List<List<RowChange>> gathered = new ArrayList<>();

  /**
   * @param outputs one per task, in task order
   * @param batchRows when a gathered batch is passed on
   */
  public KeyedDistribution(Outputs outputs, int batchRows) {
    this.outputs = outputs;
    this.batchRows = batchRows;
    for (int target = 0; target < outputs.size(); target++) {
      gathered.add(new ArrayList<>());
    }
  }

  @Override
  public void distribute(ChangeBatch batch) {
    int parallelism = outputs.size();
    if (parallelism == 1) {
      outputs.emit(0, batch);
      return;
    }
    List<RowChange> changes = batch.changes();
    for (int i = 0, size = changes.size(); i < size; i++) {
      RowChange change = changes.get(i);
      int target = RowTargets.of(change, parallelism);
      List<RowChange> rows = gathered.get(target);
      rows.add(change);
      if (rows.size() >= batchRows) {
        pass(target);
      }
    }
  }

  private void pass(int target) {
    List<RowChange> rows = gathered.get(target);
    if (!rows.isEmpty()) {
      outputs.emit(target, new ChangeBatch(rows));
      gathered.set(target, new ArrayList<>(batchRows));
    }
  }

  @Override
  public void flush() {
    for (int target = 0; target < gathered.size(); target++) {
      pass(target);
    }
  }
}
