package io.firn.runtime.checkpoint;

import io.firn.model.checkpoint.CheckpointStorage;
import io.firn.runtime.state.StateFile;
import io.firn.runtime.state.TaskStateFiles;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Removes old manifests and the state files that no kept manifest refers to.
 *
 * <p><b>Invariants</b>: a manifest goes before its files. Nothing of a newer epoch is touched.
 *
 * <p><b>Threading</b>: one thread at a time.
 */
final class CheckpointRetention {
  static final int KEPT = 3;
  private static final int KEPT_EPOCHS = 16;
  private static final String STATE = "state/";

  private final CheckpointStorage storage;
  private final Deque<CheckpointManifest> kept = new ArrayDeque<>();
  private boolean swept;

  CheckpointRetention(CheckpointStorage storage) {
    this.storage = storage;
  }

  /** Called in order for every checkpoint once its commits are done. */
  void confirmed(CheckpointManifest manifest) throws IOException {
    if (!kept.isEmpty() && kept.getLast().epoch() != manifest.epoch()) {
      swept = false; // a new life in the same process; look again
      kept.clear();
    }
    if (!swept) {
      swept = sweep(manifest);
      return;
    }
    kept.addLast(manifest);
    while (kept.size() > KEPT) {
      CheckpointManifest old = kept.removeFirst();
      storage.delete(ManifestName.of(old).objectName());
      Set<String> needed = objectNames(kept);
      for (String name : objectNames(List.of(old))) {
        if (!needed.contains(name)) {
          storage.delete(name);
        }
      }
    }
  }

  /** Looks at everything once, after a start, and removes what earlier lives left behind. */
  private boolean sweep(CheckpointManifest newest) throws IOException {
    List<ManifestName> names = CheckpointStore.manifestNames(storage);
    if (names.isEmpty() || !names.get(0).equals(ManifestName.of(newest))) {
      return false; // a newer life has begun; leave everything to it
    }
    kept.clear();
    for (ManifestName name : names) {
      if (kept.size() < KEPT) {
        Optional<CheckpointManifest> manifest = wholeManifest(name);
        manifest.ifPresent(kept::addFirst);
        if (manifest.isPresent()) {
          continue;
        }
      }
      storage.delete(name.objectName());
    }
    Set<String> needed = objectNames(kept);
    for (String name : storage.list(STATE)) {
      if (!needed.contains(name) && epochOf(name) <= newest.epoch()) {
        storage.delete(name);
      }
    }
    for (long epoch : CheckpointStore.claimedEpochs(storage)) {
      if (epoch <= newest.epoch() - KEPT_EPOCHS) {
        storage.delete(CheckpointStore.epochName(epoch));
      }
    }
    return true;
  }

  private Optional<CheckpointManifest> wholeManifest(ManifestName name) throws IOException {
    try {
      return CheckpointStore.read(storage, name);
    } catch (DamagedManifestException e) {
      return Optional.empty();
    }
  }

  /**
   * The epoch in the name of a state file; a name that has none belongs to nobody: never remove.
   */
  private static long epochOf(String stateName) {
    int end = stateName.indexOf('/', STATE.length());
    try {
      return end < 0 ? Long.MAX_VALUE : Long.parseLong(stateName, STATE.length(), end, 10);
    } catch (NumberFormatException e) {
      return Long.MAX_VALUE;
    }
  }

  private static Set<String> objectNames(Iterable<CheckpointManifest> manifests) {
    Set<String> names = new HashSet<>();
    for (CheckpointManifest manifest : manifests) {
      for (TaskStateFiles task : manifest.taskStates()) {
        for (StateFile file : task.files()) {
          names.add(file.objectName());
        }
      }
    }
    return names;
  }
}
