package io.firn.simulation.check;

import io.firn.simulation.check.Summaries.Mark;
import org.apache.iceberg.Snapshot;

/** The marker in the table property is that of the newest snapshot of ours. */
final class PropertyEqualsNewestMarker implements CommitInvariant {
  @Override
  public void check(CommitSeen commit) {
    if (!commit.ours()) {
      return;
    }
    Mark property = Summaries.property(commit.after());
    for (Snapshot snapshot : commit.ancestry()) {
      Mark mark = Summaries.summary(snapshot);
      if (mark != null) {
        if (!mark.equals(property)) {
          throw violated(commit, "the property says " + property + ", the snapshot " + mark);
        }
        return;
      }
    }
  }
}
