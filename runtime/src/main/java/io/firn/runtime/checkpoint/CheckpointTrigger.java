package io.firn.runtime.checkpoint;

import io.firn.runtime.schedule.Signal;

/**
 * Hands a checkpoint request from the coordinator to the source task. Holds one at most.
 *
 * <p><b>Threading</b>: one thread requests, another one answers.
 */
public final class CheckpointTrigger {
  private volatile CheckpointRequest pending;
  private volatile Signal source = Signal.NONE;

  /** Whom to wake for a request. */
  public void wakeSource(Signal signal) {
    source = signal;
  }

  /** Asks for a barrier. */
  void request(CheckpointRequest request) {
    if (pending != null) {
      throw new IllegalStateException(
          "Cannot request " + request + ": " + pending + " was not answered yet");
    }
    pending = request;
    source.wake();
  }

  /** What is asked for and not answered yet, or null. */
  public CheckpointRequest pending() {
    return pending;
  }

  /** Notes that the barrier was placed, or declined. */
  public void answered() {
    pending = null;
  }
}
