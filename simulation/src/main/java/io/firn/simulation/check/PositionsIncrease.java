package io.firn.simulation.check;

import io.firn.simulation.check.Summaries.Mark;
import io.firn.simulation.source.SourceHistory;
import java.util.HashMap;
import java.util.Map;
import org.apache.iceberg.Snapshot;

/**
 * Numbers and positions of a table's checkpoints only ever increase. A later life may read the
 * tables anew: a snapshot was not completed, or it never got into all tables.
 */
final class PositionsIncrease implements CommitInvariant {
  private final Readings readings;
  private final Map<String, Mark> last = new HashMap<>();

  /** Knows when the tables were read. */
  interface Readings {
    boolean readAnew(long afterEpoch, long untilEpoch);
  }

  PositionsIncrease(Readings readings) {
    this.readings = readings;
  }

  @Override
  public void check(CommitSeen commit) {
    for (Snapshot snapshot : commit.added()) {
      if (!commit.ours() || !Summaries.isCheckpoint(snapshot)) {
        continue;
      }
      Mark mark = Summaries.summary(snapshot);
      Mark before = last.put(commit.table().toString(), mark);
      if (before == null) {
        continue;
      }
      boolean startsOver = readings.readAnew(before.epoch(), mark.epoch());
      if (mark.checkpoint() <= before.checkpoint()
          || (!startsOver && order(mark.position()) <= order(before.position()))) {
        throw violated(commit, mark + " follows " + before);
      }
    }
  }

  private static long order(String position) {
    String[] parts = position.split(":", -1);
    return parts[0].equals("snapshot")
        ? Long.parseLong(parts[1]) - 1_000_000
        : SourceHistory.transactionAt(parts[0], Long.parseLong(parts[1]));
  }
}
