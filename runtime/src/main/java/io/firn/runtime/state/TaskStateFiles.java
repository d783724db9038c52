package io.firn.runtime.state;

import io.firn.model.state.KeyGroupRange;
import java.util.List;

/**
 * The stored state of one task at one checkpoint.
 *
 * @param keyGroups the key groups that the task owned
 * @param files all files of its store
 */
public record TaskStateFiles(KeyGroupRange keyGroups, List<StateFile> files) {
  /** Copies the list. */
  public TaskStateFiles {
    files = List.copyOf(files);
  }
}
