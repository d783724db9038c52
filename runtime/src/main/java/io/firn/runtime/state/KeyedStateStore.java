package io.firn.runtime.state;

import io.firn.model.state.StateStore;

/**
 * A task's state store as the runtime sees it.
 *
 * <p><b>Threading</b>: the task's thread only.
 */
public interface KeyedStateStore extends StateStore, AutoCloseable {

  /** The content now, unaffected by later changes. Cheap: nothing is copied. */
  StateSnapshot snapshot(long checkpointId);

  /** Closes the store and removes its working files. No call may be running. */
  @Override
  void close();
}
