package io.firn.lake.commit;

import io.firn.lake.catalog.LakeCatalog;
import io.firn.lake.guard.FirnProperties;
import io.firn.lake.guard.GuardedTableOperations;
import io.firn.lake.guard.Marker;
import io.firn.lake.guard.MetadataGuard;
import io.firn.lake.guard.Possession;
import io.firn.lake.guard.TableMark;
import io.firn.lake.registry.PipelineTable;
import io.firn.lake.table.DataFileName;
import io.firn.model.error.CommitOutcomeUnknownException;
import io.firn.model.error.FencedException;
import io.firn.model.error.FirnException;
import io.firn.model.error.RetryableException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import org.apache.iceberg.BaseTransaction;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.SnapshotAncestryValidator;
import org.apache.iceberg.SnapshotUpdate;
import org.apache.iceberg.Transaction;
import org.apache.iceberg.Transactions;
import org.apache.iceberg.UpdateProperties;
import org.apache.iceberg.exceptions.CommitFailedException;
import org.apache.iceberg.exceptions.ValidationException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A commit of its own between two checkpoints that exchanges files and leaves the table's content
 * as it is.
 *
 * <p><b>Invariants</b>: the commit is made on top of exactly the snapshot that it was prepared for;
 * it carries the newest checkpoint's marker on; it is refused like a checkpoint when a newer life
 * has the table. What was certainly not committed leaves no file.
 *
 * <p><b>Threading</b>: the committer's thread.
 *
 * @param <S> what is to be committed
 */
abstract class UpkeepCommit<S extends UpkeepCommit.Staged> {
  private static final Logger LOG = LoggerFactory.getLogger(UpkeepCommit.class);
  private static final int MAX_ATTEMPTS = 3;

  final PipelineTable table;
  private final DataFileName name;
  private final Possession possession;
  private final FreshTables fresh;
  private final LakeCatalog catalog;

  /** Files that must be deleted if this attempt is certainly not committed. */
  final List<String> written = new ArrayList<>();

  /**
   * @param name of the files that are added
   */
  UpkeepCommit(
      PipelineTable table,
      DataFileName name,
      Possession possession,
      FreshTables fresh,
      LakeCatalog catalog) {
    this.table = table;
    this.name = name;
    this.possession = possession;
    this.fresh = fresh;
    this.catalog = catalog;
  }

  /** What is to be committed on top of one snapshot. */
  interface Staged {
    /** The snapshot. */
    long snapshotId();

    /** The table's last sequence number before the commit. */
    long sequenceNumber();
  }

  /** Signals that the commit is not wanted any more. */
  static final class Abandoned extends Exception {
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

  /** What became of a commit that the catalog did not simply accept. */
  private enum Outcome {
    LANDED,
    LOST,
    UNKNOWN
  }

  /** For messages, such as "compaction". */
  abstract String what();

  /** Its name in the summary of its snapshot. */
  abstract String operation();

  /** Says what to commit on top of the table's current snapshot. */
  abstract S prepare(int attempt) throws IOException, Abandoned;

  /** Exchanges the files; the caller adds what every snapshot of ours has. */
  abstract SnapshotUpdate<?> exchange(Transaction transaction, S staged);

  /** Sets further properties in the same commit. */
  void setProperties(UpdateProperties properties) {}

  /** Whether the table, as it was last read, has what was to be committed. */
  abstract boolean hasLanded(S staged);

  /** The table shows the commit. */
  abstract void committed(S staged);

  /** The commit was given up; what is in {@link #written} will be deleted. */
  abstract void abandoned();

  /**
   * Commits.
   *
   * @return what was committed; empty if it was abandoned
   * @throws FencedException if a newer life has the table
   * @throws CommitOutcomeUnknownException if nobody can say what became of the commit
   */
  final Optional<S> run() {
    String reason = "the table changed too often";
    for (int attempt = 0; attempt < MAX_ATTEMPTS; attempt++) {
      S staged = null;
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
        return Optional.of(staged);
      }
      reason = catalog.secrets().explain(failure);
      if (outcome == Outcome.UNKNOWN) {
        throw new CommitOutcomeUnknownException(
            "Committing a "
                + what()
                + " of table "
                + table.id()
                + " failed: "
                + reason
                + "; it may have happened, so no file may be deleted: start again",
            catalog.secrets().asCause(failure));
      }
      deleteWritten();
    }
    LOG.warn("A {} of {} was abandoned: {}", what(), table.id(), reason);
    abandoned();
    deleteWritten();
    return Optional.empty();
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
  private Outcome outcome(S staged) {
    for (int attempt = 0; attempt < TableCommitter.STALE_ATTEMPTS; attempt++) {
      if (attempt > 0) {
        fresh.pause(attempt - 1);
      }
      try {
        boolean newest = table.refresh();
        if (hasLanded(staged)) {
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
  private void finish(S staged) {
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
            + " after committing a "
            + what()
            + " failed: "
            + (failure == null
                ? "the catalog still shows an older version"
                : catalog.secrets().explain(failure))
            + "; it is tried again from the last checkpoint",
        failure == null ? null : catalog.secrets().asCause(failure));
  }

  /** Deletes files that are certainly not in the table. */
  final void deleteWritten() {
    for (String location : written) {
      try {
        table.table().io().deleteFile(location);
      } catch (RuntimeException e) {
        LOG.debug("File '{}' was not there to delete", location, e);
      }
    }
    written.clear();
  }

  /** Builds the commit; nothing is visible yet. */
  private BaseTransaction stage(S staged) {
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
    update.set(FirnProperties.OPERATION, operation());
    update.validateWith(onTopOf(staged.snapshotId()));
    update.commit();
    UpdateProperties properties = transaction.updateProperties();
    long lastFileId =
        Long.parseLong(transaction.startMetadata().property(FirnProperties.LAST_FILE_ID, "0"));
    properties.set(FirnProperties.LAST_FILE_ID, Long.toString(Math.max(lastFileId, name.fileId())));
    setProperties(properties);
    properties.commit();
    return transaction;
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
}
