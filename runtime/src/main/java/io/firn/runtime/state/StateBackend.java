package io.firn.runtime.state;

import io.firn.model.checkpoint.CheckpointStorage;
import java.io.IOException;
import java.util.List;

/**
 * Makes the state stores of all tasks for one life of a pipeline after the other.
 *
 * <p><b>Threading</b>: one thread; stores of the life before are closed.
 */
public interface StateBackend extends AutoCloseable {

  /**
   * Opens an empty store for every task.
   *
   * @param epoch the epoch of this life; part of the names under which state is stored
   */
  List<KeyedStateStore> create(long epoch, int parallelism) throws IOException;

  /**
   * Opens every task's store with the content of a checkpoint, also if that was taken with another
   * parallelism.
   *
   * @throws CorruptStateException if a file is missing or is not what was stored; then no store is
   *     open
   * @throws IOException if the storage failed for now
   */
  List<KeyedStateStore> restore(
      long epoch, int parallelism, List<TaskStateFiles> checkpoint, CheckpointStorage storage)
      throws IOException, CorruptStateException;

  /** Releases memory and working files. All stores are closed before. */
  @Override
  void close();
}
