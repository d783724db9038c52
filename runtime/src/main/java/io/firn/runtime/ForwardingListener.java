package io.firn.runtime;

import io.firn.model.schema.TableId;
import io.firn.runtime.checkpoint.CheckpointReport;
import java.time.Duration;

/** Passes everything on; a base for listeners that add to another one. */
public class ForwardingListener implements PipelineListener {
  private final PipelineListener target;

  /** Passes everything on to {@code target}. */
  public ForwardingListener(PipelineListener target) {
    this.target = target;
  }

  @Override
  public void onPhase(Phase phase) {
    target.onPhase(phase);
  }

  @Override
  public void onRecovered(long epoch, long nextCheckpointId, String explanation) {
    target.onRecovered(epoch, nextCheckpointId, explanation);
  }

  @Override
  public void onStateRebuild(String reason) {
    target.onStateRebuild(reason);
  }

  @Override
  public void onCheckpointCompleted(CheckpointReport report) {
    target.onCheckpointCompleted(report);
  }

  @Override
  public void onRestart(int attempt, Duration delay, Throwable cause) {
    target.onRestart(attempt, delay, cause);
  }

  @Override
  public void onReading(boolean snapshot) {
    target.onReading(snapshot);
  }

  @Override
  public void onRowsRead(
      TableId table,
      int reads,
      int inserts,
      int updates,
      int deletes,
      long lastCommitTimestampMicros) {
    target.onRowsRead(table, reads, inserts, updates, deletes, lastCommitTimestampMicros);
  }
}
