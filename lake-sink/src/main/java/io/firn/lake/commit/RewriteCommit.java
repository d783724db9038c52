package io.firn.lake.commit;

import io.firn.lake.catalog.LakeCatalog;
import io.firn.lake.compact.RewriteJob;
import io.firn.lake.compact.RewrittenFile;
import io.firn.lake.guard.FirnProperties;
import io.firn.lake.guard.GuardedTableOperations;
import io.firn.lake.guard.Marker;
import io.firn.lake.guard.MetadataGuard;
import io.firn.lake.guard.Possession;
import io.firn.lake.guard.TableMark;
import io.firn.lake.registry.LiveFiles;
import io.firn.lake.registry.PipelineTable;
import io.firn.lake.table.DataFileName;
import io.firn.lake.table.DataFileRef;
import io.firn.lake.table.DataFileRegistry;
import io.firn.lake.table.Relocations;
import io.firn.lake.table.WriteMode;
import io.firn.model.error.CommitOutcomeUnknownException;
import io.firn.model.error.FencedException;
import io.firn.model.error.FirnException;
import io.firn.model.error.RetryableException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.iceberg.BaseTransaction;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.RewriteFiles;
import org.apache.iceberg.RowDelta;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.SnapshotAncestryValidator;
import org.apache.iceberg.SnapshotUpdate;
import org.apache.iceberg.Transactions;
import org.apache.iceberg.UpdateProperties;
import org.apache.iceberg.exceptions.CommitFailedException;
import org.apache.iceberg.exceptions.ValidationException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Exchanges files for the one that they were rewritten into, in a commit of its own between two
 * checkpoints. The table's content stays the same: rows that were deleted since the rewrite's
 * snapshot, by whomever, are deleted in the new file by the same commit.
 *
 * <p><b>Invariants</b>: the commit is made on top of exactly the snapshot that the deletes were
 * computed from; it carries the newest checkpoint's marker on; it is refused like a checkpoint when
 * a newer life has the table. What was certainly not committed leaves no file.
 *
 * <p><b>Threading</b>: the committer's thread.
 */
final class RewriteCommit {
  private static final Logger LOG = LoggerFactory.getLogger(RewriteCommit.class);
  private static final int MAX_ATTEMPTS = 3;

  private final PipelineTable table;
  private final Possession possession;
  private final DeletionVectorCache cache;
  private final RewrittenFile rewritten;
  private final Set<String> emptied;
  private final boolean repointLater;
  private final FreshTables fresh;
  private final LakeCatalog catalog;
  private final List<String> written = new ArrayList<>();

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
    this.fresh = fresh;
    this.catalog = catalog;
    this.table = table;
    this.possession = possession;
    this.cache = cache;
    this.rewritten = rewritten;
    this.emptied = emptied;
    this.repointLater = repointLater;
  }

  /** Signals that the rewrite is not wanted any more. */
  private static final class Abandoned extends Exception {
    private static final long serialVersionUID = 1L;

    Abandoned(String reason) {
      super(reason);
    }
  }

  /**
   * Signals that the table has another snapshot than the commit is for. Not an exception of
   * Iceberg's: if the other one is our own, of an attempt that landed and was said to have failed,
   * Iceberg would delete its manifests.
   */
  private static final class MovedOn extends IllegalStateException {
    private static final long serialVersionUID = 1L;

    MovedOn() {
      super("somebody else committed meanwhile");
    }
  }

  /** What is to be committed on top of one snapshot. */
  private record Staged(
      long snapshotId,
      long sequenceNumber,
      List<DataFile> inputs,
      PlannedDeletes deletes,
      long rowsDeletedSince) {}

  /** What became of a commit that the catalog did not simply accept. */
  private enum Outcome {
    LANDED,
    LOST,
    UNKNOWN
  }

  /**
   * Commits.
   *
   * @return how many rows were deleted since the rewrite's snapshot; -1 if the rewrite was
   *     abandoned
   * @throws FencedException if a newer life has the table
   * @throws CommitOutcomeUnknownException if nobody can say what became of the commit
   */
  long commit() {
    DataFileRegistry files = table.files();
    DataFile file = rewritten.file();
    long fileId = rewritten.job().name().fileId();
    files.register(new DataFileRef(fileId, file.location(), file.specId(), file.partition()));
    String reason = "the table changed too often";
    for (int attempt = 0; attempt < MAX_ATTEMPTS; attempt++) {
      Staged staged = null;
      BaseTransaction transaction = null;
      try {
        if (!fresh.refresh(table)) {
          throw new Abandoned("the catalog shows an old version of the table");
        }
        staged = prepare(attempt);
        transaction = stage(staged);
      } catch (FencedException e) {
        throw e;
      } catch (Abandoned e) {
        reason = e.getMessage();
        break;
      } catch (CommitFailedException | ValidationException | MovedOn e) {
        reason = catalog.secrets().explain(e);
        deleteWritten();
        continue;
      } catch (IOException | RuntimeException e) {
        reason = catalog.secrets().explain(e);
        break;
      }
      RuntimeException failure = send(transaction);
      Outcome outcome = failure == null ? Outcome.LANDED : outcome(staged);
      if (outcome == Outcome.LANDED) {
        finish(staged);
        return staged.rowsDeletedSince();
      }
      reason = catalog.secrets().explain(failure);
      if (outcome == Outcome.UNKNOWN) {
        throw new CommitOutcomeUnknownException(
            "Committing a compaction of table "
                + table.id()
                + " failed: "
                + reason
                + "; it may have happened, so no file may be deleted: start again",
            catalog.secrets().asCause(failure));
      }
      deleteWritten();
    }
    LOG.warn("A compaction of {} was abandoned: {}", table.id(), reason);
    files.forget(fileId);
    written.add(file.location());
    deleteWritten();
    return -1;
  }

  /** Returns what went wrong, or null. From here on, only the table knows what has happened. */
  private static RuntimeException send(BaseTransaction transaction) {
    try {
      transaction.commitTransaction();
      return null;
    } catch (FencedException e) {
      // The guard refused before anything was sent, or after the catalog had refused it.
      throw e;
    } catch (RuntimeException e) {
      return e;
    }
  }

  /**
   * Asks the table. Whatever an exception says, Iceberg may have tried several times, and catalogs
   * say "failed" of what happened. But only one snapshot can follow another: as soon as the table
   * has gone on from the snapshot that the commit was made for, it is in it or never will be.
   */
  private Outcome outcome(Staged staged) {
    for (int attempt = 0; attempt < TableCommitter.STALE_ATTEMPTS; attempt++) {
      if (attempt > 0) {
        fresh.pause(attempt - 1);
      }
      try {
        boolean newest = table.refresh();
        if (table.liveFiles().dataFile(rewritten.file().location()) != null) {
          return Outcome.LANDED;
        }
        if (newest && table.metadata().lastSequenceNumber() > staged.sequenceNumber()) {
          return Outcome.LOST;
        }
      } catch (RuntimeException e) {
        LOG.debug("Reading {} back failed", table.id(), e);
      }
    }
    return Outcome.UNKNOWN;
  }

  /**
   * Waits until the table shows the commit, which the next checkpoint builds upon. If it does not,
   * this life ends: the next one finds what to repoint in the table.
   */
  private void finish(Staged staged) {
    RuntimeException failure = null;
    for (int attempt = 0; attempt < TableCommitter.STALE_ATTEMPTS; attempt++) {
      if (attempt > 0) {
        fresh.pause(attempt - 1);
      }
      try {
        table.refresh();
        if (table.metadata().lastSequenceNumber() > staged.sequenceNumber()) {
          committed(staged);
          return;
        }
      } catch (FirnException e) {
        throw e;
      } catch (RuntimeException e) {
        failure = e;
      }
    }
    throw new RetryableException(
        "Reading table "
            + table.id()
            + " after committing a compaction failed: "
            + (failure == null
                ? "the catalog still shows an older version"
                : catalog.secrets().explain(failure))
            + "; it is tried again from the last checkpoint",
        failure == null ? null : catalog.secrets().asCause(failure));
  }

  /** Deletes files that are certainly not in the table. */
  private void deleteWritten() {
    for (String location : written) {
      try {
        table.table().io().deleteFile(location);
      } catch (RuntimeException e) {
        LOG.debug("File '{}' was not there to delete", location, e);
      }
    }
    written.clear();
  }

  private Staged prepare(int attempt) throws IOException, Abandoned {
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
    return new Staged(
        live.snapshotId(), table.metadata().lastSequenceNumber(), inputs, deletes, gone.length);
  }

  private String deleteLocation(int attempt, String extension) {
    String name = rewritten.job().name().format("v" + attempt + "." + extension);
    String location = table.table().locationProvider().newDataLocation(name);
    written.add(location);
    return location;
  }

  /** Builds the commit; nothing is visible yet. */
  private BaseTransaction stage(Staged staged) {
    MetadataGuard guard =
        refreshed -> {
          possession.requireNotFenced(TableMark.of(refreshed), refreshed.location());
          Snapshot current = refreshed.currentSnapshot();
          if (current == null || current.snapshotId() != staged.snapshotId()) {
            throw new MovedOn();
          }
        };
    GuardedTableOperations operations = new GuardedTableOperations(table.operations(), guard);
    BaseTransaction transaction =
        (BaseTransaction) Transactions.newTransaction(table.table().name(), operations);
    SnapshotUpdate<?> update = exchange(transaction, staged);
    Marker marker = table.mark().newest().orElseThrow();
    marker.toSummary().forEach(update::set);
    update.set(FirnProperties.OPERATION, "compaction");
    update.validateWith(onTopOf(staged.snapshotId()));
    update.commit();
    UpdateProperties properties = transaction.updateProperties();
    long lastFileId =
        Long.parseLong(transaction.startMetadata().property(FirnProperties.LAST_FILE_ID, "0"));
    long fileId = rewritten.job().name().fileId();
    properties.set(FirnProperties.LAST_FILE_ID, Long.toString(Math.max(lastFileId, fileId)));
    if (hasIndex()) {
      Set<Long> pending = table.files().relocations().pending();
      pending.removeAll(moves().keySet());
      pending.add(fileId);
      properties.set(FirnProperties.PENDING_REPOINTS, PendingRepoints.format(pending));
    }
    properties.commit();
    return transaction;
  }

  /** Iceberg calls it a replacement, which readers of changes skip, where its rules allow that. */
  private SnapshotUpdate<?> exchange(BaseTransaction transaction, Staged staged) {
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

  private static SnapshotAncestryValidator onTopOf(long snapshotId) {
    return ancestry -> {
      Iterator<Snapshot> snapshots = ancestry.iterator();
      if (!snapshots.hasNext() || snapshots.next().snapshotId() != snapshotId) {
        throw new ValidationException("somebody else committed meanwhile");
      }
      return true;
    };
  }

  private void committed(Staged staged) {
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
    return table.mode() == WriteMode.UPSERT;
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
