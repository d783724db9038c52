package io.firn.runtime.checkpoint;

import io.firn.model.stream.Barrier;

/**
 * Hears from tasks about the checkpoint in flight.
 *
 * <p><b>Threading</b>: called from any task's thread; never waits.
 */
public interface CheckpointResponder {

  /**
   * The source task placed the barrier.
   *
   * @param rows rows between this barrier and the one before
   */
  void barrierPlaced(Barrier barrier, long rows);

  /** The source task has nothing for this checkpoint: nothing happened since the last barrier. */
  void declined(long checkpointId);

  /** The source task has reached the position at which it was told to end. */
  void caughtUp();

  /** A keyed task passed the barrier. */
  void acknowledge(CheckpointAck ack);
}
