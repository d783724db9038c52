package io.firn.lake.commit;

import io.firn.lake.compact.CompactionSettings;
import io.firn.lake.compact.Compactor;
import io.firn.lake.compact.DeleteMergeJob;
import io.firn.lake.compact.DeleteMergePlan;
import io.firn.lake.compact.RewriteJob;
import io.firn.lake.compact.RewritePlan;
import io.firn.lake.compact.RewritePlanner;
import io.firn.lake.compact.RewrittenFile;
import io.firn.lake.compact.Work;
import io.firn.lake.registry.LiveFiles;
import io.firn.lake.registry.PipelineTable;
import io.firn.lake.registry.PipelineTables;
import io.firn.lake.table.DataFileName;
import io.firn.lake.table.Relocations;
import io.firn.model.schema.TableId;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.FileFormat;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.TableProperties;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Compaction of one life's tables, as the committer sees it: chooses files after a checkpoint, lets
 * the {@link Compactor} rewrite them meanwhile, and commits what is finished between two later
 * checkpoints.
 *
 * <p>A table is left alone until all tasks have a complete index of it in a committed checkpoint:
 * an index is rebuilt on the assumption that nobody commits meanwhile.
 *
 * <p><b>Threading</b>: the committer's thread.
 */
final class Compaction implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Compaction.class);

  /** Files below this share of the target will be rewritten again soon. */
  private static final double REPOINT_SHARE = 0.25;

  /** How many such files the indexes may lag behind; they are read at a start. */
  private static final int MAX_DEFERRED = 32;

  private final PipelineTables tables;
  private final CompactionSettings settings;
  private final Compactor compactor;
  private final Function<TableId, DeletionVectorCache> caches;
  private final FreshTables fresh;
  private final LongSupplier nanos;
  private final DeleteMerging merging;

  /** In the order in which they get their turn. */
  private final Map<TableId, State> states = new LinkedHashMap<>();

  private long committedCheckpointId;
  private boolean offline;

  /** What is known of one table. */
  private static final class State {
    /** Whether a plan may find something that the last one did not. */
    boolean changed;

    /** Inputs of rewrites under way, and whether they were emptied since. */
    final Map<String, Boolean> busy = new HashMap<>();

    final Pause pause;

    /** Whether the last work was a merge of delete files. */
    boolean merged;

    State(Pause pause) {
      this.pause = pause;
    }
  }

  Compaction(
      PipelineTables tables,
      CompactionSettings settings,
      Compactor compactor,
      Function<TableId, DeletionVectorCache> caches,
      FreshTables fresh,
      LongSupplier nanos) {
    this.tables = tables;
    this.settings = settings;
    this.compactor = compactor;
    this.caches = caches;
    this.fresh = fresh;
    this.nanos = nanos;
    this.merging = new DeleteMerging(tables, settings, fresh, nanos);
  }

  /**
   * Takes up all tables of a pipeline that is not running. Its indexes follow when it starts again.
   *
   * @param newestCheckpointId the newest checkpoint that any of them has
   */
  void takeUpAll(long newestCheckpointId) {
    offline = true;
    committedCheckpointId = newestCheckpointId;
    for (PipelineTable table : tables.all()) {
      if (table.mark().newest().isPresent()) {
        tableCommitted(table, List.of());
      }
    }
  }

  /** What a table's next rewrites would be. */
  List<RewritePlan> plans(PipelineTable table) {
    return new RewritePlanner(settings, targetBytes(table), hash())
        .plans(table.liveFiles(), table.metadata().specsById(), location -> false);
  }

  /** What a table's next merges of delete files would be. */
  List<DeleteMergePlan> mergePlans(PipelineTable table) {
    return merging.plans(table);
  }

  /** Whether the next {@link #step} has something to commit. */
  boolean hasFinished() {
    return compactor.hasFinished();
  }

  /** Whether something is being rewritten. */
  boolean isBusy() {
    return merging.isBusy() || states.values().stream().anyMatch(state -> !state.busy.isEmpty());
  }

  /** Notes a checkpoint's commit to one table. */
  void tableCommitted(PipelineTable table, Collection<DataFile> removed) {
    State state = states.computeIfAbsent(table.id(), id -> new State(new Pause(nanos)));
    state.changed = true;
    for (DataFile file : removed) {
      state.busy.replace(file.location(), true);
    }
  }

  /** Notes that all commits of a checkpoint are done. */
  void checkpointCommitted(long checkpointId) {
    committedCheckpointId = checkpointId;
  }

  /**
   * Commits one finished rewrite, and keeps the compactor busy.
   *
   * @return whether there was one
   */
  boolean step() {
    Compactor.Finished end = compactor.poll();
    if (end != null) {
      finish(end);
    }
    for (TableId id : List.copyOf(states.keySet())) {
      if (!compactor.hasRoom()) {
        break;
      }
      State state = states.get(id);
      PipelineTable table = tables.table(id).orElseThrow();
      if (state.changed && state.pause.isOver() && isReady(table) && tryBegin(table, state)) {
        // To the end of the queue, so that a table that always has work leaves some to the others.
        states.remove(id);
        states.put(id, state);
      }
    }
    return end != null;
  }

  private boolean isReady(PipelineTable table) {
    return offline
        || (table.lakeTable() != null
            && (!hasIndex(table) || table.files().relocations().isReady(committedCheckpointId)));
  }

  private static boolean hasIndex(PipelineTable table) {
    return table.mode().isKeyed();
  }

  private boolean tryBegin(PipelineTable table, State state) {
    try {
      state.changed = begin(table, state);
      return state.changed;
    } catch (RuntimeException e) {
      // Whatever it is, the rows go on: what concerns them too, the next checkpoint meets as well.
      state.pause.failed();
      LOG.warn(
          "Planning a compaction of {} failed and is tried again later: {}",
          table.id(),
          tables.catalog().secrets().explain(e));
      return false;
    }
  }

  /** Starts something if it is worthwhile, so that neither kind of work keeps the other waiting. */
  private boolean begin(PipelineTable table, State state) {
    Optional<? extends Work> work =
        state.merged ? rewrite(table, state) : merging.next(table, committedCheckpointId);
    if (work.isEmpty()) {
      work = state.merged ? merging.next(table, committedCheckpointId) : rewrite(table, state);
    }
    work.ifPresent(
        next -> {
          state.merged = next instanceof DeleteMergeJob;
          compactor.submit(next);
        });
    return work.isPresent();
  }

  private Optional<RewriteJob> rewrite(PipelineTable table, State state) {
    LiveFiles live = table.liveFiles();
    Optional<RewritePlan> planned =
        new RewritePlanner(settings, targetBytes(table), hash())
            .plan(live, table.metadata().specsById(), state.busy::containsKey);
    if (planned.isEmpty()) {
      return Optional.empty();
    }
    RewritePlan plan = planned.get();
    Snapshot snapshot = table.metadata().currentSnapshot();
    RewriteJob job =
        new RewriteJob(
            table.id(),
            table.asOfNow(),
            table.table().encryption(),
            plan,
            snapshot.snapshotId(),
            live.deleteFiles().stream()
                .filter(delete -> delete.format() != FileFormat.PUFFIN)
                .map(delete -> delete.location())
                .collect(Collectors.toSet()),
            new DataFileName(
                hash(),
                tables.possession().epoch(),
                committedCheckpointId,
                DataFileName.COMPACTION,
                table.files().newFileId()));
    plan.inputs().forEach(file -> state.busy.put(file.location(), false));
    LOG.debug("Compacting {} files of {}: {}", plan.inputs().size(), table.id(), plan.reason());
    return Optional.of(job);
  }

  private String hash() {
    return DataFileName.hashOf(tables.pipelineId());
  }

  private long targetBytes(PipelineTable table) {
    return settings.targetFileBytes() > 0
        ? settings.targetFileBytes()
        : table
            .metadata()
            .propertyAsLong(
                TableProperties.WRITE_TARGET_FILE_SIZE_BYTES,
                TableProperties.WRITE_TARGET_FILE_SIZE_BYTES_DEFAULT);
  }

  private void finish(Compactor.Finished end) {
    states.get(end.job().id()).changed = true;
    if (end.job() instanceof DeleteMergeJob merge) {
      merging.finish(merge, end);
    } else if (end.job() instanceof RewriteJob rewrite) {
      finish(rewrite, end);
    }
  }

  private void finish(RewriteJob job, Compactor.Finished end) {
    State state = states.get(job.id());
    Set<String> emptied = new HashSet<>();
    for (DataFile input : job.plan().inputs()) {
      if (Boolean.TRUE.equals(state.busy.remove(input.location()))) {
        emptied.add(input.location());
      }
    }
    if (end.failure() instanceof VirtualMachineError error) {
      throw error;
    }
    if (!(end.result() instanceof RewrittenFile result)) {
      failed(job, state, end.failure());
      return;
    }
    PipelineTable table = tables.table(job.id()).orElseThrow();
    Relocations relocations = table.files().relocations();
    if (relocations.deferred() >= MAX_DEFERRED) {
      relocations.deferNoLonger();
    }
    boolean later = result.file().fileSizeInBytes() < REPOINT_SHARE * targetBytes(table);
    long deleted =
        new RewriteCommit(
                table,
                tables.possession(),
                caches.apply(job.id()),
                result,
                emptied,
                later,
                fresh,
                tables.catalog())
            .commit();
    if (deleted < 0) {
      state.pause.failed();
      return;
    }
    state.pause.succeeded();
    LOG.info(
        "Compacted {} files of {} into one because of {}: {} rows, {} KiB became {} KiB, {} rows"
            + " were changed meanwhile, {} ms of processor time",
        job.plan().inputs().size(),
        job.id(),
        job.plan().reason() == RewritePlanner.Reason.SMALL_FILES ? "their size" : "deleted rows",
        result.file().recordCount(),
        job.plan().inputBytes() >> 10,
        result.file().fileSizeInBytes() >> 10,
        deleted,
        TimeUnit.NANOSECONDS.toMillis(result.cpuNanos()));
  }

  private void failed(RewriteJob job, State state, Throwable failure) {
    if (failure instanceof InterruptedException) {
      return;
    }
    state.pause.failed();
    LOG.warn(
        "A compaction of {} files of {} failed and is tried again later: {}",
        job.plan().inputs().size(),
        job.id(),
        tables.catalog().secrets().explain(failure));
  }

  @Override
  public void close() {
    compactor.close();
  }
}
