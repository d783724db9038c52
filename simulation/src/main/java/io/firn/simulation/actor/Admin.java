package io.firn.simulation.actor;

import io.firn.simulation.check.TableFiles;
import io.firn.simulation.fault.Fault;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.apache.iceberg.HasTableOperations;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.Table;
import org.apache.iceberg.TableMetadata;
import org.apache.iceberg.catalog.TableIdentifier;

/** Expires snapshots, sets properties, rolls tables back and, when asked, forward again. */
public final class Admin implements Actor {
  private final LakeAccess lake;
  private final Map<String, Long> rolledBackFrom = new HashMap<>();

  /** An administrator with this access. */
  public Admin(LakeAccess lake) {
    this.lake = lake;
  }

  @Override
  public void act(Random random) {
    int kind = random.nextInt(8);
    Optional<Table> any = lake.anyTable(random);
    if (isRolledBack() || any.isEmpty() || any.get().currentSnapshot() == null) {
      return;
    }
    Table table = any.get();
    if (kind < 4 && lake.may(Fault.EXPIRY)) {
      lake.did(Fault.EXPIRY, table);
      expire(table);
    } else if (kind < 7 && lake.may(Fault.FOREIGN_PROPERTY)) {
      lake.did(Fault.FOREIGN_PROPERTY, table);
      table.updateProperties().set("comment", "c" + random.nextInt(100)).commit();
    } else if (kind == 7 && lake.may(Fault.ROLLBACK)) {
      rollBack(table);
    }
  }

  /**
   * Deletes what no kept snapshot needs, as Spark's procedure does. Iceberg's own cleanup must not
   * be used where deletion vectors are: it deletes a Puffin file when one of its vectors was
   * replaced, although the others are needed.
   */
  private void expire(Table table) {
    TableFiles files = new TableFiles(table.io());
    Set<String> garbage = files.locations(metadata(table));
    table
        .expireSnapshots()
        .expireOlderThan(Long.MAX_VALUE)
        .retainLast(1)
        .cleanExpiredFiles(false)
        .commit();
    garbage.removeAll(files.locations(metadata(table)));
    garbage.forEach(table.io()::deleteFile);
  }

  private static TableMetadata metadata(Table table) {
    return ((HasTableOperations) table).operations().current();
  }

  /** Takes rows away: a snapshot that only carries the marker on could go unnoticed. */
  private void rollBack(Table table) {
    Snapshot current = table.currentSnapshot();
    Long parent = current.parentId();
    boolean ours = "checkpoint".equals(current.summary().get("firn.operation"));
    if (ours && parent != null && table.snapshot(parent) != null) {
      rolledBackFrom.put(table.name(), current.snapshotId());
      lake.did(Fault.ROLLBACK, table);
      table.manageSnapshots().setCurrentSnapshot(parent).commit();
    }
  }

  /** Whether some table is rolled back now. */
  public boolean isRolledBack() {
    return !rolledBackFrom.isEmpty();
  }

  /** Brings all tables back to where they were. */
  public void rollForward() {
    for (TableIdentifier identifier : lake.server().tables()) {
      Table table = lake.catalog().loadTable(identifier);
      Long snapshot = rolledBackFrom.remove(table.name());
      if (snapshot != null) {
        table.manageSnapshots().setCurrentSnapshot(snapshot).commit();
      }
    }
  }
}
