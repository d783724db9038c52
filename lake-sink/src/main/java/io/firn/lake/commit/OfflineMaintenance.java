package io.firn.lake.commit;

import io.firn.lake.LakeSinkOptions;
import io.firn.lake.compact.CompactionSettings;
import io.firn.lake.compact.DeleteMergePlan;
import io.firn.lake.compact.RewritePlan;
import io.firn.lake.guard.Marker;
import io.firn.lake.maintain.Background;
import io.firn.lake.maintain.MaintenanceSettings;
import io.firn.lake.registry.PipelineTable;
import io.firn.lake.registry.PipelineTables;
import io.firn.model.error.RetryableException;
import io.firn.model.schema.TableId;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Does to the tables of a pipeline that is not running what is done beside its checkpoints while it
 * runs. Indexes follow when it starts again.
 *
 * <p><b>Threading</b>: one thread.
 */
public final class OfflineMaintenance implements AutoCloseable {
  private static final long VECTOR_CACHE_BYTES = 16L << 20;
  private static final long POLL_MILLIS = 20;

  private final PipelineTables tables;
  private final MaintenanceSettings settings;
  private final Compaction compaction;
  private final Upkeep upkeep;
  private final Map<TableId, DeletionVectorCache> caches = new HashMap<>();

  /**
   * @param tables found; possession must be taken before {@link #run}
   * @param background where files are rewritten; what else there is to do is done at once
   */
  public OfflineMaintenance(
      PipelineTables tables, LakeSinkOptions options, Patience patience, Background background) {
    this.tables = tables;
    this.settings = options.maintenance();
    FreshTables fresh = new FreshTables(patience);
    CompactionSettings compacting = options.compaction().unthrottled();
    this.compaction =
        new Compaction(
            tables,
            compacting,
            background.compactors().apply(compacting),
            id -> caches.computeIfAbsent(id, i -> new DeletionVectorCache(VECTOR_CACHE_BYTES)),
            fresh,
            background.nanos());
    this.upkeep = new Upkeep(tables, settings, fresh, Runnable::run, background.nanos());
  }

  private List<PipelineTable> inOrder() {
    Map<TableId, PipelineTable> sorted = new TreeMap<>();
    for (PipelineTable table : tables.all()) {
      if (table.mark().newest().isPresent()) {
        sorted.put(table.id(), table);
      }
    }
    return List.copyOf(sorted.values());
  }

  private long newestCheckpointId() {
    return inOrder().stream()
        .flatMap(table -> table.mark().newest().stream())
        .mapToLong(Marker::checkpointId)
        .max()
        .orElse(0);
  }

  /** What {@link #run} would do now, one line per table and kind of work. */
  public List<String> plan() {
    List<String> lines = new ArrayList<>();
    for (PipelineTable table : inOrder()) {
      tables.catalog().calling("Reading the manifests of table " + table.id(), table::liveFiles);
      List<RewritePlan> plans = compaction.plans(table);
      int files = plans.stream().mapToInt(plan -> plan.inputs().size()).sum();
      long bytes = plans.stream().mapToLong(RewritePlan::inputBytes).sum();
      if (!plans.isEmpty()) {
        lines.add(
            table.id()
                + ": rewrite "
                + files
                + " data files ("
                + (bytes >> 10)
                + " KiB) into "
                + plans.size()
                + ", and what comes of that");
      }
      List<DeleteMergePlan> merges = compaction.mergePlans(table);
      int merged = merges.stream().mapToInt(plan -> plan.inputs().size()).sum();
      if (merged > 0) {
        lines.add(
            table.id() + ": merge " + merged + " delete files of " + merges.size() + " partitions");
      }
      int expired = settings.expireSnapshots() ? upkeep.toExpire(table).size() : 0;
      if (expired > 0) {
        lines.add(table.id() + ": expire " + expired + " snapshots");
      }
      int orphans = settings.removeOrphans() ? orphans(table) : 0;
      if (orphans > 0) {
        lines.add(table.id() + ": delete " + orphans + " files that no snapshot refers to");
      }
    }
    return lines;
  }

  private int orphans(PipelineTable table) {
    try {
      long nextEpoch = table.mark().epoch() + 1;
      return upkeep.orphans(table, table.metadata(), nextEpoch, newestCheckpointId()).size();
    } catch (IOException e) {
      throw new RetryableException(
          "Looking for orphan files of table " + table.id() + " failed: " + e, e);
    }
  }

  /** Does all of it. */
  public void run() {
    tables.openAll();
    compaction.takeUpAll(newestCheckpointId());
    while (compaction.step() || compaction.isBusy()) {
      if (!compaction.hasFinished()) {
        await();
      }
    }
    while (upkeep.step(inOrder(), newestCheckpointId())) {
      // one table's expiry per step
    }
  }

  private static void await() {
    try {
      Thread.sleep(POLL_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new RetryableException("Maintenance was interrupted; start it again", e);
    }
  }

  @Override
  public void close() {
    compaction.close();
    upkeep.close();
  }
}
