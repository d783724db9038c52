package io.firn.simulation.check;

import org.apache.iceberg.Snapshot;

/** Every snapshot of ours says which checkpoint the table contains, also if it changes no rows. */
final class MarkerInEverySnapshot implements CommitInvariant {
  @Override
  public void check(CommitSeen commit) {
    if (!commit.ours()) {
      return;
    }
    for (Snapshot snapshot : commit.added()) {
      boolean marked = Summaries.summary(snapshot) != null;
      boolean nothingYet =
          !Summaries.isCheckpoint(snapshot) && Summaries.property(commit.after()) == null;
      if (!snapshot.summary().containsKey(Summaries.OPERATION) || !(marked || nothingYet)) {
        throw violated(commit, "snapshot without a marker: " + snapshot.summary());
      }
    }
  }
}
