package io.firn.lake.commit;

import io.firn.lake.compact.CompactionSettings;
import io.firn.lake.compact.Compactor;
import io.firn.lake.compact.DeleteMergeJob;
import io.firn.lake.compact.DeleteMergePlan;
import io.firn.lake.compact.DeleteMergePlanner;
import io.firn.lake.compact.MergedDeletes;
import io.firn.lake.registry.LiveFiles;
import io.firn.lake.registry.PipelineTable;
import io.firn.lake.registry.PipelineTables;
import io.firn.lake.table.DataFileName;
import io.firn.model.schema.TableId;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.PartitionSpec;
import org.apache.iceberg.util.StructLikeSet;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Merging of the position delete files that checkpoints of format version 2 leave: chooses files,
 * has them merged, and commits what is finished. One merge per table at a time.
 *
 * <p><b>Threading</b>: the committer's thread.
 */
final class DeleteMerging {
  private static final Logger LOG = LoggerFactory.getLogger(DeleteMerging.class);

  /**
   * A data file gets a delete file of its own when one merge finds this share of what makes it be
   * rewritten: the rest may be in delete files that are not part of the merge.
   */
  private static final double OWN_FILE_SHARE = 0.5;

  private final PipelineTables tables;
  private final CompactionSettings settings;
  private final FreshTables fresh;
  private final LongSupplier nanos;
  private final Map<TableId, DeleteMergeJob> busy = new HashMap<>();
  private final Map<TableId, Pause> pauses = new HashMap<>();

  DeleteMerging(
      PipelineTables tables, CompactionSettings settings, FreshTables fresh, LongSupplier nanos) {
    this.tables = tables;
    this.settings = settings;
    this.fresh = fresh;
    this.nanos = nanos;
  }

  boolean isBusy() {
    return !busy.isEmpty();
  }

  /** What a table's next merges would be. */
  List<DeleteMergePlan> plans(PipelineTable table) {
    return planner().plans(table.liveFiles(), table.metadata().specsById());
  }

  private DeleteMergePlanner planner() {
    return new DeleteMergePlanner(settings, DataFileName.hashOf(tables.pipelineId()));
  }

  /** The merge to do now, if one is worthwhile. */
  Optional<DeleteMergeJob> next(PipelineTable table, long checkpointId) {
    if (busy.containsKey(table.id()) || !pause(table.id()).isOver()) {
      return Optional.empty();
    }
    LiveFiles live = table.liveFiles();
    Optional<DeleteMergePlan> planned = planner().plan(live, table.metadata().specsById());
    if (planned.isEmpty()) {
      return Optional.empty();
    }
    DeleteMergePlan plan = planned.get();
    DeleteMergeJob job =
        new DeleteMergeJob(
            table.id(),
            table.asOfNow(),
            plan,
            table.metadata().currentSnapshot().snapshotId(),
            liveRows(live, plan, table.metadata().spec(plan.specId())),
            OWN_FILE_SHARE * settings.deleteRatio(),
            (long) (OWN_FILE_SHARE * settings.minDeletedRows()),
            new DataFileName(
                DataFileName.hashOf(tables.pipelineId()),
                tables.possession().epoch(),
                checkpointId,
                DataFileName.COMPACTION,
                table.files().newFileId()));
    busy.put(table.id(), job);
    LOG.debug("Merging {} delete files of {}", plan.inputs().size(), table.id());
    return Optional.of(job);
  }

  private static Map<String, Long> liveRows(
      LiveFiles live, DeleteMergePlan plan, PartitionSpec spec) {
    StructLikeSet partition = StructLikeSet.create(spec.partitionType());
    partition.add(plan.partition());
    Map<String, Long> rows = new HashMap<>();
    for (DataFile file : live.dataFiles()) {
      if (file.specId() == spec.specId() && partition.contains(file.partition())) {
        rows.put(file.location(), file.recordCount());
      }
    }
    return rows;
  }

  /** Commits a merge that is finished, or notes that it failed. */
  void finish(DeleteMergeJob job, Compactor.Finished end) {
    busy.remove(job.id());
    if (end.failure() instanceof VirtualMachineError error) {
      throw error;
    }
    if (end.failure() instanceof InterruptedException) {
      return;
    }
    if (end.result() instanceof MergedDeletes merged) {
      commit(job, merged);
      return;
    }
    pause(job.id()).failed();
    LOG.warn(
        "Merging {} delete files of {} failed and is tried again later: {}",
        job.plan().inputs().size(),
        job.id(),
        tables.catalog().secrets().explain(end.failure()));
  }

  private void commit(DeleteMergeJob job, MergedDeletes merged) {
    PipelineTable table = tables.table(job.id()).orElseThrow();
    Optional<DeleteMergeCommit.Exchange> committed =
        new DeleteMergeCommit(table, tables.possession(), merged, fresh, tables.catalog()).run();
    if (committed.isEmpty()) {
      pause(job.id()).failed();
      return;
    }
    pause(job.id()).succeeded();
    LOG.info(
        "Merged {} delete files of {} into {} because {} applied to one data file: {} of {}"
            + " deleted rows are in data files that are still there, {} KiB became {} KiB, {} ms of"
            + " processor time",
        job.plan().inputs().size(),
        job.id(),
        merged.files().size(),
        job.plan().applying(),
        merged.positions(),
        job.plan().positions(),
        job.plan().bytes() >> 10,
        merged.files().stream().mapToLong(file -> file.fileSizeInBytes()).sum() >> 10,
        TimeUnit.NANOSECONDS.toMillis(merged.cpuNanos()));
  }

  private Pause pause(TableId table) {
    return pauses.computeIfAbsent(table, id -> new Pause(nanos));
  }
}
