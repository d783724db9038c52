package io.firn.app.run;

import io.firn.model.schema.TableId;
import io.firn.runtime.PipelineListener;
import io.firn.runtime.checkpoint.CheckpointReport;
import java.time.Duration;
import java.util.concurrent.atomic.LongAdder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Counts what a running pipeline does, for whoever displays it, and writes its milestones to the
 * log.
 *
 * <p><b>Threading</b>: written by the pipeline's threads, read by any.
 */
public final class RunProgress implements PipelineListener {
  private static final Logger LOG = LoggerFactory.getLogger(RunProgress.class);

  private final LongAdder reads = new LongAdder();
  private final LongAdder inserts = new LongAdder();
  private final LongAdder updates = new LongAdder();
  private final LongAdder deletes = new LongAdder();
  private volatile Phase phase = Phase.RECOVERING;
  private volatile boolean snapshot;
  private volatile boolean reading;
  private volatile long lastCommitMicros;
  private volatile CheckpointReport checkpoint;
  private volatile String recovery = "";
  private volatile String trouble = "";

  @Override
  public void onRowsRead(
      TableId table,
      int readCount,
      int insertCount,
      int updateCount,
      int deleteCount,
      long lastCommitTimestampMicros) {
    if (readCount > 0) {
      reads.add(readCount);
    }
    inserts.add(insertCount);
    updates.add(updateCount);
    deletes.add(deleteCount);
    if (lastCommitTimestampMicros > 0) {
      lastCommitMicros = lastCommitTimestampMicros;
    }
  }

  @Override
  public void onReading(boolean isSnapshot) {
    snapshot = isSnapshot;
    reading = true;
    LOG.info(isSnapshot ? "Reading the initial snapshot" : "Reading the change stream");
  }

  @Override
  public void onPhase(Phase newPhase) {
    phase = newPhase;
    if (newPhase == Phase.RUNNING) {
      trouble = "";
    }
    LOG.info("Phase {}", newPhase);
  }

  @Override
  public void onRecovered(long epoch, long nextCheckpointId, String explanation) {
    recovery = explanation;
    // A fresh start first waits for the locks of its snapshot.
    reading = nextCheckpointId > 1;
  }

  @Override
  public void onStateRebuild(String reason) {
    LOG.warn("Rebuilding keyed state from the tables: {}", reason);
    trouble = "rebuilding state from the tables";
  }

  @Override
  public void onCheckpointCompleted(CheckpointReport report) {
    checkpoint = report;
    LOG.info(
        "Checkpoint {} committed: {} rows, {} tables, {} files, {} ms, position {}",
        report.checkpointId(),
        report.rows(),
        report.tables(),
        report.committables(),
        report.durationNanos() / 1_000_000,
        report.source().position());
  }

  @Override
  public void onRestart(int attempt, Duration delay, Throwable cause) {
    LOG.warn("Restart, attempt {} in {} ms", attempt, delay.toMillis(), cause);
    trouble = "attempt " + attempt + " to restart after: " + cause.getMessage();
  }

  /** What the pipeline is about. */
  public Phase phase() {
    return phase;
  }

  /** Whether anything is being read: before that, the snapshot waits for its locks. */
  boolean reading() {
    return reading;
  }

  /** Whether the initial snapshot is being read. */
  public boolean inSnapshot() {
    return snapshot;
  }

  /** Rows read in all: by the snapshot and from the change stream. */
  public long rows() {
    return reads.sum() + changes();
  }

  /** Rows read from the change stream. */
  public long changes() {
    return inserts.sum() + updates.sum() + deletes.sum();
  }

  /** Rows read by the snapshot. */
  public long snapshotTotal() {
    return reads.sum();
  }

  /** Rows inserted, updated and deleted, for people. */
  public String changeKinds() {
    return inserts.sum()
        + " inserted, "
        + updates.sum()
        + " updated, "
        + deletes.sum()
        + " deleted";
  }

  /** The last completed checkpoint, or null. */
  public CheckpointReport checkpoint() {
    return checkpoint;
  }

  /** Why the pipeline started where it did, one sentence; empty before that is known. */
  public String recovery() {
    return recovery;
  }

  /** What is wrong right now; empty if nothing is. */
  String trouble() {
    return trouble;
  }

  /** How old the last change read was when the source was asked last, or null if not known. */
  Duration lag(long nowMicros) {
    long last = lastCommitMicros;
    return last == 0 || snapshot ? null : Duration.ofMillis(Math.max(0, nowMicros - last) / 1000);
  }
}
