package io.firn.simulation.check;

import java.util.HashSet;
import java.util.Set;
import org.apache.iceberg.Snapshot;

/** A checkpoint makes one snapshot of a table, however often it is committed. */
final class OneSnapshotPerCheckpoint implements CommitInvariant {
  private final Set<String> seen = new HashSet<>();

  @Override
  public void check(CommitSeen commit) {
    for (Snapshot snapshot : commit.added()) {
      if (commit.ours() && Summaries.isCheckpoint(snapshot)) {
        long checkpoint = Summaries.summary(snapshot).checkpoint();
        if (!seen.add(commit.table() + " " + checkpoint)) {
          throw violated(commit, "checkpoint " + checkpoint + " was committed twice");
        }
      }
    }
  }
}
