package io.firn.lake.commit;

import io.firn.lake.guard.GuardedTableOperations;
import io.firn.lake.guard.MetadataGuard;
import io.firn.lake.guard.TableMark;
import io.firn.lake.maintain.ExpiredFiles;
import io.firn.lake.maintain.MaintenanceSettings;
import io.firn.lake.maintain.OrphanFiles;
import io.firn.lake.maintain.OrphanManifests;
import io.firn.lake.registry.PipelineTable;
import io.firn.lake.registry.PipelineTables;
import io.firn.lake.table.DataFileName;
import io.firn.model.error.FirnException;
import io.firn.model.schema.TableId;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.apache.iceberg.BaseTable;
import org.apache.iceberg.ExpireSnapshots;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.SnapshotRef;
import org.apache.iceberg.TableMetadata;
import org.apache.iceberg.TableProperties;
import org.apache.iceberg.exceptions.CommitFailedException;
import org.apache.iceberg.io.BulkDeletionFailureException;
import org.apache.iceberg.io.FileIO;
import org.apache.iceberg.io.SupportsBulkOperations;
import org.apache.iceberg.util.PropertyUtil;
import org.apache.iceberg.util.SnapshotUtil;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Expires snapshots and removes files that nothing refers to any more, for one life's tables.
 *
 * <p>The expiry itself is a small commit between two checkpoints; finding and deleting files takes
 * long and is done by an executor. If the process ends in between, the files are orphans.
 *
 * <p><b>Threading</b>: the committer's thread, apart from what the executor runs.
 */
final class Upkeep implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Upkeep.class);
  private static final long ORPHAN_INTERVAL_NANOS = TimeUnit.DAYS.toNanos(1);

  private final PipelineTables tables;
  private final MaintenanceSettings settings;
  private final FreshTables fresh;
  private final Executor executor;
  private final LongSupplier nanos;
  private final Map<TableId, Long> expiryDueNanos = new HashMap<>();
  private final Map<TableId, Long> orphansDueNanos = new HashMap<>();

  Upkeep(
      PipelineTables tables,
      MaintenanceSettings settings,
      FreshTables fresh,
      Executor executor,
      LongSupplier nanos) {
    this.fresh = fresh;
    this.tables = tables;
    this.settings = settings;
    this.executor = executor;
    this.nanos = nanos;
  }

  /**
   * Does what is due for one table.
   *
   * @param newestCheckpointId the newest checkpoint whose commits are done
   * @return whether something was committed
   */
  boolean step(Collection<PipelineTable> candidates, long newestCheckpointId) {
    long now = nanos.getAsLong();
    for (PipelineTable table : candidates) {
      if (settings.expireSnapshots() && isDue(expiryDueNanos, table, now)) {
        expiryDueNanos.put(table.id(), now + settings.interval().toNanos());
        if (expire(table)) {
          return true;
        }
      }
      // Whoever looks at an old version of the table takes for an orphan what is in use.
      if (settings.removeOrphans() && isDue(orphansDueNanos, table, now) && isFresh(table)) {
        orphansDueNanos.put(table.id(), now + ORPHAN_INTERVAL_NANOS);
        TableMetadata metadata = table.metadata();
        executor.execute(() -> removeOrphans(table, metadata, newestCheckpointId));
      }
    }
    return false;
  }

  private static boolean isDue(Map<TableId, Long> due, PipelineTable table, long now) {
    Long at = due.get(table.id());
    return at == null || now - at >= 0;
  }

  private boolean isFresh(PipelineTable table) {
    try {
      return fresh.refresh(table);
    } catch (FirnException e) {
      throw e;
    } catch (RuntimeException e) {
      LOG.warn(
          "Looking for orphan files of {} is put off: {}",
          table.id(),
          tables.catalog().secrets().explain(e));
      return false;
    }
  }

  private boolean expire(PipelineTable table) {
    try {
      if (!fresh.refresh(table)) {
        return false;
      }
      TableMetadata before = table.metadata();
      if (toExpire(table).isEmpty()) {
        return false;
      }
      MetadataGuard guard =
          refreshed ->
              tables.possession().requireNotFenced(TableMark.of(refreshed), refreshed.location());
      expiry(
              new BaseTable(
                  new GuardedTableOperations(table.operations(), guard), table.table().name()),
              before)
          .commit();
      // What the table says counts, not what was asked for.
      if (!fresh.refresh(table)) {
        return true;
      }
      TableMetadata after = table.metadata();
      LOG.info(
          "Expired {} of {} snapshots of {}",
          before.snapshots().size() - after.snapshots().size(),
          before.snapshots().size(),
          table.id());
      executor.execute(() -> removeExpired(table, before, after));
      return true;
    } catch (CommitFailedException e) {
      LOG.info("Expiring snapshots of {} is put off: somebody else commits", table.id());
      return false;
    } catch (FirnException e) {
      throw e;
    } catch (RuntimeException e) {
      LOG.warn(
          "Expiring snapshots of {} failed and is tried again later: {}",
          table.id(),
          tables.catalog().secrets().explain(e));
      return false;
    }
  }

  /** Waits for nothing: files that are still there are found again as orphans. */
  @Override
  public void close() {
    if (executor instanceof ExecutorService service) {
      service.shutdownNow();
    }
  }

  /** The snapshots that an expiry would take away. */
  List<Snapshot> toExpire(PipelineTable table) {
    TableMetadata metadata = table.metadata();
    boolean collected =
        PropertyUtil.propertyAsBoolean(
            metadata.properties(), TableProperties.GC_ENABLED, TableProperties.GC_ENABLED_DEFAULT);
    if (metadata.snapshots().isEmpty() || !collected) {
      return List.of();
    }
    return expiry(table.table(), metadata).apply();
  }

  private ExpireSnapshots expiry(org.apache.iceberg.Table table, TableMetadata metadata) {
    // Iceberg expires by age. It must not delete files: where several deletion vectors share a
    // Puffin file, it deletes the file as soon as one of them is replaced.
    ExpireSnapshots expiry =
        table.expireSnapshots().cleanupLevel(ExpireSnapshots.CleanupLevel.NONE);
    overLimit(metadata).forEach(expiry::expireSnapshotId);
    return expiry;
  }

  /** The snapshots beyond the number to keep, by number: several can be of the same millisecond. */
  private List<Long> overLimit(TableMetadata metadata) {
    if (metadata.currentSnapshot() == null) {
      return List.of();
    }
    int keep =
        Math.max(
            settings.maxSnapshots(),
            metadata.propertyAsInt(
                TableProperties.MIN_SNAPSHOTS_TO_KEEP,
                TableProperties.MIN_SNAPSHOTS_TO_KEEP_DEFAULT));
    List<Long> over = new ArrayList<>();
    int number = 0;
    for (Snapshot snapshot :
        SnapshotUtil.ancestorsOf(metadata.currentSnapshot().snapshotId(), metadata::snapshot)) {
      if (++number > keep) {
        over.add(snapshot.snapshotId());
      }
    }
    if (!over.isEmpty()) {
      over.removeAll(held(metadata));
    }
    return over;
  }

  /** What tags stand for, and the histories of branches, which have settings of their own. */
  private static Set<Long> held(TableMetadata metadata) {
    Set<Long> held = new HashSet<>();
    metadata
        .refs()
        .forEach(
            (name, ref) -> {
              held.add(ref.snapshotId());
              if (ref.isBranch() && !name.equals(SnapshotRef.MAIN_BRANCH)) {
                SnapshotUtil.ancestorsOf(ref.snapshotId(), metadata::snapshot)
                    .forEach(snapshot -> held.add(snapshot.snapshotId()));
              }
            });
    return held;
  }

  private void removeExpired(PipelineTable table, TableMetadata before, TableMetadata after) {
    remove(
        table,
        "that only expired snapshots needed",
        () -> List.copyOf(new ExpiredFiles(before, after, table.table().io()).find()));
  }

  private void removeOrphans(PipelineTable table, TableMetadata metadata, long newestCheckpoint) {
    remove(
        table,
        "that no snapshot refers to",
        () -> orphans(table, metadata, tables.possession().epoch(), newestCheckpoint));
  }

  /** Files that no snapshot refers to and that may be deleted. */
  List<String> orphans(
      PipelineTable table, TableMetadata metadata, long epoch, long newestCheckpointId)
      throws IOException {
    long now = settings.wallMillis().getAsLong();
    long grace = settings.orphanAge().toMillis();
    FileIO io = table.table().io();
    String hash = DataFileName.hashOf(tables.pipelineId());
    List<String> orphans =
        new ArrayList<>(
            new OrphanFiles(metadata, io, hash, epoch, newestCheckpointId).find(now - grace));
    orphans.addAll(new OrphanManifests(metadata, io).find(now, grace));
    return orphans;
  }

  private interface Search {
    List<String> find() throws IOException;
  }

  private void remove(PipelineTable table, String which, Search search) {
    try {
      List<String> files = search.find();
      if (!files.isEmpty()) {
        int failed = delete(table.table().io(), files);
        LOG.info(
            "Deleted {} files of {} {}; {} could not be deleted",
            files.size() - failed,
            table.id(),
            which,
            failed);
      }
    } catch (IOException | RuntimeException e) {
      LOG.warn(
          "Deleting files of {} {} failed: {}",
          table.id(),
          which,
          tables.catalog().secrets().explain(e));
    }
  }

  /** Deletes what can be deleted, and returns how much cannot. */
  private static int delete(FileIO io, List<String> files) {
    if (io instanceof SupportsBulkOperations bulk) {
      try {
        bulk.deleteFiles(files);
        return 0;
      } catch (BulkDeletionFailureException e) {
        return e.numberFailedObjects();
      }
    }
    int failed = 0;
    for (String file : files) {
      if (Thread.currentThread().isInterrupted()) {
        return failed + files.size() - files.indexOf(file);
      }
      try {
        io.deleteFile(file);
      } catch (RuntimeException e) {
        failed++;
        LOG.debug("Deleting '{}' failed", file, e);
      }
    }
    return failed;
  }
}
