package io.firn.runtime;

import io.firn.runtime.checkpoint.CheckpointReport;
import io.firn.runtime.task.ReadListener;
import java.time.Duration;

/**
 * Hears what a pipeline does, for progress displays, metrics and logs.
 *
 * <p><b>Threading</b>: called from several threads, but each method from one at a time; must not
 * wait.
 */
public interface PipelineListener extends ReadListener {
  /** Hears and forgets. */
  PipelineListener NONE = new PipelineListener() {};

  /** What a pipeline is about. */
  enum Phase {
    /** Looking at tables and checkpoints, finishing what the last life promised. */
    RECOVERING,
    /** Reading the source. */
    RUNNING,
    /** Waiting before another attempt. */
    WAITING_TO_RESTART,
    /** Taking the last checkpoint. */
    STOPPING,
    /** Ended, well or not. */
    ENDED
  }

  /** The phase changes. */
  default void onPhase(Phase phase) {}

  /**
   * A life of the pipeline begins.
   *
   * @param epoch its epoch
   * @param nextCheckpointId number of its first checkpoint
   * @param explanation where it goes on from and why, one sentence
   */
  default void onRecovered(long epoch, long nextCheckpointId, String explanation) {}

  /** Keyed state is not usable and is rebuilt from the tables; the reason is one sentence. */
  default void onStateRebuild(String reason) {}

  /** A checkpoint is committed. */
  default void onCheckpointCompleted(CheckpointReport report) {}

  /**
   * The pipeline failed in a way that may pass, and starts again from the last checkpoint.
   *
   * @param attempt how many times since the last completed checkpoint, from 1
   * @param delay before the attempt
   */
  default void onRestart(int attempt, Duration delay, Throwable cause) {}
}
