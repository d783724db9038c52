package io.firn.runtime.state;

import io.firn.model.checkpoint.CheckpointStorage;
import java.io.IOException;
import java.util.List;

/**
 * The content of a task's state store at a barrier.
 *
 * <p><b>Threading</b>: created by the task's thread; everything else is called by the thread that
 * makes checkpoints, while the task goes on changing its store.
 */
public interface StateSnapshot extends AutoCloseable {

  /**
   * Copies to the storage what is not there yet.
   *
   * @return all files of the snapshot, also those stored by earlier checkpoints
   */
  List<StateFile> store(CheckpointStorage storage) throws IOException;

  /** Gives up the local copy. */
  @Override
  void close();
}
