package io.firn.lake.commit;

import io.firn.lake.registry.PipelineTable;

/**
 * Reads tables until they are at least as new as they were before. What is built on an older
 * version refers to files that this version does not have, and lacks those that it has no more.
 *
 * <p><b>Threading</b>: the committer's thread.
 */
final class FreshTables {
  private final Patience patience;

  FreshTables(Patience patience) {
    this.patience = patience;
  }

  /** Reads a table's metadata; returns whether the catalog showed the newest known, or newer. */
  boolean refresh(PipelineTable table) {
    for (int attempt = 0; attempt < TableCommitter.STALE_ATTEMPTS; attempt++) {
      if (attempt > 0) {
        patience.pause(attempt - 1);
      }
      if (table.refresh()) {
        return true;
      }
    }
    return false;
  }

  /** Waits before trying again. */
  void pause(int attempt) {
    patience.pause(attempt);
  }
}
