package io.firn.runtime.task;

import io.firn.model.stream.ChangeBatch;

/**
 * How the source task spreads rows over its outputs. Control elements always go to all of them.
 *
 * <p><b>Threading</b>: the source task's thread.
 */
public interface Distribution {

  /** Passes a batch on, or keeps part of it until {@link #flush}. */
  void distribute(ChangeBatch batch);

  /** Passes on what was kept. Called before every control element and when input pauses. */
  void flush();
}
