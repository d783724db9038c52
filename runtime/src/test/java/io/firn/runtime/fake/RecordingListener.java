package io.firn.runtime.fake;

import io.firn.model.schema.TableId;
import io.firn.runtime.PipelineListener;
import io.firn.runtime.checkpoint.CheckpointReport;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;

/** Remembers what a pipeline said. */
public final class RecordingListener implements PipelineListener {
  public final List<CheckpointReport> checkpoints = new CopyOnWriteArrayList<>();
  public final List<Throwable> restarts = new CopyOnWriteArrayList<>();
  public final List<String> rebuilds = new CopyOnWriteArrayList<>();
  public final List<String> recoveries = new CopyOnWriteArrayList<>();
  public final List<Phase> phases = new CopyOnWriteArrayList<>();
  public final List<Boolean> reading = new CopyOnWriteArrayList<>();
  public final AtomicLong rows = new AtomicLong();

  @Override
  public void onPhase(Phase phase) {
    phases.add(phase);
  }

  @Override
  public void onRecovered(long epoch, long nextCheckpointId, String explanation) {
    recoveries.add(explanation);
  }

  @Override
  public void onStateRebuild(String reason) {
    rebuilds.add(reason);
  }

  @Override
  public void onCheckpointCompleted(CheckpointReport report) {
    checkpoints.add(report);
  }

  @Override
  public void onRestart(int attempt, Duration delay, Throwable cause) {
    restarts.add(cause);
  }

  @Override
  public void onReading(boolean snapshot) {
    reading.add(snapshot);
  }

  @Override
  public void onRowsRead(
      TableId table, int reads, int inserts, int updates, int deletes, long timestamp) {
    rows.addAndGet(reads + inserts + updates + deletes);
  }
}
