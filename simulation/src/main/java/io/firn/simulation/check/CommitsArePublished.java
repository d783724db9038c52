package io.firn.simulation.check;

import io.firn.simulation.check.Summaries.Mark;
import java.util.HashSet;
import java.util.Set;
import org.apache.iceberg.Snapshot;

/** Nothing is committed before its checkpoint's manifest was published. */
public final class CommitsArePublished implements CommitInvariant {
  private final Set<String> published = new HashSet<>();

  /** Notes that a checkpoint was published. */
  public void published(long epoch, long checkpoint) {
    published.add(epoch + "-" + checkpoint);
  }

  /** Whether a checkpoint was ever published. */
  public boolean wasPublished(long epoch, long checkpoint) {
    return published.contains(epoch + "-" + checkpoint);
  }

  @Override
  public void check(CommitSeen commit) {
    for (Snapshot snapshot : commit.added()) {
      if (commit.ours() && Summaries.isCheckpoint(snapshot)) {
        Mark mark = Summaries.summary(snapshot);
        if (!wasPublished(mark.epoch(), mark.checkpoint())) {
          throw violated(commit, mark + " is not published");
        }
      }
    }
  }
}
