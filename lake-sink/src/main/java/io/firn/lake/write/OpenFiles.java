package io.firn.lake.write;

import java.util.Comparator;
import java.util.LinkedHashSet;

/**
 * The data files that a task has open, over all tables, and their limits: the file used least
 * recently is completed when there are too many, the largest when they hold too much memory.
 *
 * <p><b>Threading</b>: one thread.
 */
final class OpenFiles {
  private final WriterSettings settings;

  /** In order of last use. */
  private final LinkedHashSet<OpenDataFile> files = new LinkedHashSet<>();

  OpenFiles(WriterSettings settings) {
    this.settings = settings;
  }

  /** Makes room for one more file. */
  void makeRoom() {
    while (files.size() >= settings.openFiles()) {
      OpenDataFile eldest = files.iterator().next();
      eldest.owner().finish(eldest);
    }
  }

  /** Notes that a file was opened or used. */
  void used(OpenDataFile file) {
    files.remove(file);
    files.add(file);
  }

  /** Notes that a file is no longer open. */
  void closed(OpenDataFile file) {
    files.remove(file);
  }

  /** Completes files until what the rest holds is within the limit. */
  void limitMemory() {
    long held = files.stream().mapToLong(OpenDataFile::heldBytes).sum();
    while (held > settings.openFileBytes()) {
      OpenDataFile largest =
          files.stream().max(Comparator.comparingLong(OpenDataFile::heldBytes)).orElseThrow();
      held -= largest.heldBytes();
      largest.owner().finish(largest);
    }
  }
}
