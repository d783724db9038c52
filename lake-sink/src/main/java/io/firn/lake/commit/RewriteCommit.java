package io.firn.lake.commit;

import io.firn.lake.catalog.LakeCatalog;
import io.firn.lake.compact.RewriteJob;
import io.firn.lake.compact.RewrittenFile;
import io.firn.lake.guard.FirnProperties;
import io.firn.lake.guard.Possession;
import io.firn.lake.registry.LiveFiles;
import io.firn.lake.registry.PipelineTable;
import io.firn.lake.table.DataFileName;
import io.firn.lake.table.DataFileRef;
import io.firn.lake.table.DataFileRegistry;
import io.firn.lake.table.Relocations;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.RewriteFiles;
import org.apache.iceberg.RowDelta;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.SnapshotUpdate;
import org.apache.iceberg.Transaction;
import org.apache.iceberg.UpdateProperties;

/**
 * Exchanges data files for the one that they were rewritten into. Rows that were deleted since the
 * rewrite's snapshot, by whomever, are deleted in the new file by the same commit.
 *
 * <p><b>Threading</b>: the committer's thread.
 */
final class RewriteCommit extends UpkeepCommit<RewriteCommit.Exchange> {
  private final DeletionVectorCache cache;
  private final RewrittenFile rewritten;
  private final Set<String> emptied;
  private final boolean repointLater;

  /**
   * @param emptied inputs that a checkpoint removed since, because no row was left in them
   * @param repointLater whether indexes may go on using the old places for long
   */
  RewriteCommit(
      PipelineTable table,
      Possession possession,
      DeletionVectorCache cache,
      RewrittenFile rewritten,
      Set<String> emptied,
      boolean repointLater,
      FreshTables fresh,
      LakeCatalog catalog) {
    super(table, rewritten.job().name(), possession, fresh, catalog);
    this.cache = cache;
    this.rewritten = rewritten;
    this.emptied = emptied;
    this.repointLater = repointLater;
  }

  /** What is to be committed on top of one snapshot. */
  record Exchange(
      long snapshotId,
      long sequenceNumber,
      List<DataFile> inputs,
      PlannedDeletes deletes,
      long rowsDeletedSince)
      implements Staged {}

  /**
   * Commits.
   *
   * @return how many rows were deleted since the rewrite's snapshot; -1 if the rewrite was
   *     abandoned
   * @throws io.firn.model.error.FencedException if a newer life has the table
   * @throws io.firn.model.error.CommitOutcomeUnknownException if nobody can say what became of the
   *     commit
   */
  long commit() {
    DataFile file = rewritten.file();
    long fileId = rewritten.job().name().fileId();
    table
        .files()
        .register(new DataFileRef(fileId, file.location(), file.specId(), file.partition()));
    return run().map(Exchange::rowsDeletedSince).orElse(-1L);
  }

  @Override
  String what() {
    return "compaction";
  }

  @Override
  String operation() {
    return "compaction";
  }

  @Override
  boolean hasLanded(Exchange staged) {
    return table.liveFiles().dataFile(rewritten.file().location()) != null;
  }

  @Override
  void abandoned() {
    table.files().forget(rewritten.job().name().fileId());
    written.add(rewritten.file().location());
  }

  @Override
  Exchange prepare(int attempt) throws IOException, Abandoned {
    RewriteJob job = rewritten.job();
    LiveFiles live = table.liveFiles();
    if (live.snapshotId() == null) {
      throw new Abandoned("the table is empty");
    }
    List<DataFile> inputs = new ArrayList<>();
    for (DataFile planned : job.plan().inputs()) {
      DataFile input = live.dataFile(planned.location());
      if (input != null) {
        inputs.add(input);
      } else if (!emptied.contains(planned.location())) {
        throw new Abandoned("data file '" + planned.location() + "' was removed meanwhile");
      }
    }
    long[] gone = new SupersededSince(table.table(), rewritten).find(live, emptied, cache);
    if (gone.length == rewritten.file().recordCount()) {
      throw new Abandoned("no row is left in it");
    }
    Map<Long, long[]> superseded = gone.length == 0 ? Map.of() : Map.of(job.name().fileId(), gone);
    MergedCommittable work =
        new MergedCommittable(List.of(), false, List.of(rewritten.file()), superseded);
    PlannedDeletes deletes =
        new DeletePlanner(table, cache, extension -> deleteLocation(attempt, extension)).plan(work);
    for (DataFile input : inputs) {
      deletes.removedDeletes.addAll(live.deletesOf(input.location()));
    }
    return new Exchange(
        live.snapshotId(), table.metadata().lastSequenceNumber(), inputs, deletes, gone.length);
  }

  private String deleteLocation(int attempt, String extension) {
    String name = rewritten.job().name().format("v" + attempt + "." + extension);
    String location = table.table().locationProvider().newDataLocation(name);
    written.add(location);
    return location;
  }

  @Override
  void setProperties(UpdateProperties properties) {
    if (hasIndex()) {
      Set<Long> pending = table.files().relocations().pending();
      pending.removeAll(moves().keySet());
      pending.add(rewritten.job().name().fileId());
      properties.set(FirnProperties.PENDING_REPOINTS, PendingRepoints.format(pending));
    }
  }

  /** Iceberg calls it a replacement, which readers of changes skip, where its rules allow that. */
  @Override
  SnapshotUpdate<?> exchange(Transaction transaction, Exchange staged) {
    PlannedDeletes deletes = staged.deletes();
    if (deletes.added.isEmpty() || !deletes.removedDeletes.isEmpty()) {
      RewriteFiles rewrite = transaction.newRewrite().validateFromSnapshot(staged.snapshotId());
      staged.inputs().forEach(rewrite::deleteFile);
      deletes.removedDeletes.forEach(rewrite::deleteFile);
      rewrite.addFile(rewritten.file());
      deletes.added.forEach(rewrite::addFile);
      return rewrite;
    }
    RowDelta delta = transaction.newRowDelta().validateFromSnapshot(staged.snapshotId());
    staged.inputs().forEach(delta::removeRows);
    delta.addRows(rewritten.file());
    deletes.added.forEach(delta::addDeletes);
    delta.validateDeletedFiles();
    return delta;
  }

  @Override
  void committed(Exchange staged) {
    Snapshot current = table.metadata().currentSnapshot();
    LiveFiles live = table.knownLiveFiles(staged.snapshotId());
    if (live != null && Long.valueOf(staged.snapshotId()).equals(current.parentId())) {
      live.apply(
          current.snapshotId(),
          List.of(rewritten.file()),
          staged.deletes().added,
          staged.inputs(),
          staged.deletes().removedDeletes,
          false);
      live.checkRemoved(current, staged.deletes().removedDeletes.size());
    }
    DataFileRegistry files = table.files();
    Map<Long, Relocations.Move> moves = moves();
    if (hasIndex()) {
      files.relocations().moved(rewritten.job().name().fileId(), moves, repointLater);
    }
    moves.keySet().forEach(files::forget);
    staged
        .deletes()
        .added
        .forEach(
            delete -> {
              var positions = staged.deletes().vectors.get(delete.referencedDataFile());
              if (positions != null) {
                cache.put(delete.referencedDataFile(), delete, positions);
              }
            });
  }

  private boolean hasIndex() {
    return table.mode().isKeyed();
  }

  private Map<Long, Relocations.Move> moves() {
    Map<Long, Relocations.Move> moves = new HashMap<>();
    rewritten
        .moves()
        .forEach(
            (location, move) ->
                moves.put(DataFileName.parse(location).orElseThrow().fileId(), move));
    return moves;
  }
}
