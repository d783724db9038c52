package io.firn.simulation.check;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.TableMetadata;
import org.apache.iceberg.catalog.TableIdentifier;

/**
 * A commit to a table that landed.
 *
 * @param who the process that made it
 * @param ours whether that is the pipeline, and not a foreign writer or an admin
 * @param table the table
 * @param before its metadata before, null for a new table
 * @param after its metadata afterwards
 */
public record CommitSeen(
    String who, boolean ours, TableIdentifier table, TableMetadata before, TableMetadata after) {

  /** The snapshots that the commit added. */
  public List<Snapshot> added() {
    List<Snapshot> added = new ArrayList<>();
    for (Snapshot snapshot : after.snapshots()) {
      if (before == null || before.snapshot(snapshot.snapshotId()) == null) {
        added.add(snapshot);
      }
    }
    return added;
  }

  /** The current snapshot's ancestry as far as it is kept, newest first. */
  public List<Snapshot> ancestry() {
    Map<Long, Snapshot> byId = new HashMap<>();
    after.snapshots().forEach(s -> byId.put(s.snapshotId(), s));
    List<Snapshot> ancestry = new ArrayList<>();
    for (Snapshot s = after.currentSnapshot();
        s != null;
        s = s.parentId() == null ? null : byId.get(s.parentId())) {
      ancestry.add(s);
    }
    return ancestry;
  }
}
