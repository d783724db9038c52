package io.firn.lake.write;

import io.firn.model.stream.GtidSet;
import io.firn.model.stream.SourcePosition;

/**
 * Tells which changes lie before a committed position. Where there are GTIDs they decide, because
 * after a failover the same transactions stand in other files.
 *
 * <p><b>Threading</b>: one thread.
 */
final class CommittedRange {
  private final SourcePosition until;
  private final GtidSet transactions;
  private String lastGtid = "";
  private boolean lastContained;

  CommittedRange(SourcePosition until) {
    this.until = until;
    this.transactions = until.gtidSet() == null ? null : GtidSet.parse(until.gtidSet());
  }

  /** Whether a change is in the range; sets are compared once for each transaction. */
  boolean contains(SourcePosition change) {
    if (change.snapshot()) {
      return false;
    }
    String gtid = change.gtidSet();
    if (transactions == null || gtid == null) {
      return change.compareTo(until) < 0;
    }
    if (!gtid.equals(lastGtid)) {
      lastContained = transactions.containsAll(GtidSet.parse(gtid));
      lastGtid = gtid;
    }
    return lastContained;
  }
}
