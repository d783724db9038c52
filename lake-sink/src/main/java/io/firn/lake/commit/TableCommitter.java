package io.firn.lake.commit;

import io.firn.lake.catalog.Secrets;
import io.firn.lake.catalog.StorageFailures;
import io.firn.lake.guard.AlreadyCommittedException;
import io.firn.lake.guard.CommitGuard;
import io.firn.lake.guard.Marker;
import io.firn.lake.registry.PipelineTable;
import io.firn.model.error.CommitOutcomeUnknownException;
import io.firn.model.error.FirnException;
import io.firn.model.error.InconsistentStateException;
import io.firn.model.error.RetryableException;
import org.apache.iceberg.exceptions.CommitFailedException;
import org.apache.iceberg.exceptions.CommitStateUnknownException;
import org.apache.iceberg.exceptions.NoSuchTableException;
import org.apache.iceberg.exceptions.ValidationException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Gets one table's part of a checkpoint into the table, exactly once.
 *
 * <p>A conflict or an unknown outcome is followed by another attempt on freshly read metadata: if
 * the first one landed after all, the guard recognises it, and if it lands later, the catalog
 * refuses one of the two. No attempt ever deletes a file.
 *
 * <p><b>Threading</b>: one thread at a time per table.
 */
final class TableCommitter {
  private static final Logger LOG = LoggerFactory.getLogger(TableCommitter.class);
  private static final int MAX_ATTEMPTS = 8;

  /** Attempts before a table is believed not to be what the checkpoint continues from. */
  static final int STALE_ATTEMPTS = 4;

  private final Secrets secrets;
  private final Patience patience;

  TableCommitter(Secrets secrets, Patience patience) {
    this.secrets = secrets;
    this.patience = patience;
  }

  /** Commits, or finds that it was committed before. */
  void commit(PipelineTable table, CommitPayload payload, Marker marker, CommitGuard guard) {
    boolean unknown = false;
    for (int attempt = 0; ; attempt++) {
      RuntimeException failure;
      StagedCommit staged = null;
      try {
        staged = StagedCommit.stage(table, payload, marker, guard);
        staged.commit();
        return;
      } catch (AlreadyCommittedException e) {
        LOG.info("Table {} contains {} already", table.id(), marker.describe());
        return;
      } catch (InconsistentStateException e) {
        if (attempt + 1 >= STALE_ATTEMPTS) {
          throw e;
        }
        failure = e; // the catalog may have answered with an older version of the table
      } catch (FirnException e) {
        throw e;
      } catch (ValidationException | IllegalArgumentException | NoSuchTableException e) {
        if (unknown) {
          failure = e; // perhaps our own first attempt is what stands in the way
        } else {
          throw conflict(table, marker, e);
        }
      } catch (CommitFailedException e) {
        failure = e;
      } catch (CommitStateUnknownException e) {
        unknown = true;
        failure = e;
      } catch (RuntimeException e) {
        // Staging only reads, and writes files that nobody knows.
        unknown |= staged != null;
        failure = e;
      }
      if (StorageFailures.isPermanent(failure)) {
        throw refused(table, marker, failure);
      }
      if (attempt + 1 >= MAX_ATTEMPTS) {
        throw giveUp(table, marker, failure, unknown, attempt + 1);
      }
      LOG.warn(
          "Attempt {} to commit {} to table {} failed: {}",
          attempt + 1,
          marker.describe(),
          table.id(),
          secrets.explain(failure));
      patience.pause(attempt);
    }
  }

  private InconsistentStateException conflict(
      PipelineTable table, Marker marker, RuntimeException cause) {
    if (cause instanceof NoSuchTableException) {
      return new InconsistentStateException(
          "Committing "
              + marker.describe()
              + " to table "
              + table.id()
              + " failed: it is no longer in the catalog; restore it and start again. If it is"
              + " lost, mirror anew into new tables under another pipeline name",
          secrets.asCause(cause));
    }
    return new InconsistentStateException(
        "Committing "
            + marker.describe()
            + " to table "
            + table.id()
            + " failed: somebody else changed the table in a way that invalidates it ("
            + secrets.explain(cause)
            + "); let no other program rewrite or delete rows of this table, then, with all tables in"
            + " place, move the checkpoint directory away and start again, so that the key index is"
            + " rebuilt from the tables",
        secrets.asCause(cause));
  }

  private RuntimeException refused(PipelineTable table, Marker marker, RuntimeException failure) {
    return StorageFailures.of(
        "Committing " + marker.describe() + " to table " + table.id(), "", failure, secrets);
  }

  private FirnException giveUp(
      PipelineTable table, Marker marker, RuntimeException failure, boolean unknown, int attempts) {
    String what =
        "Committing "
            + marker.describe()
            + " to table "
            + table.id()
            + " failed "
            + attempts
            + " times: "
            + secrets.explain(failure);
    return unknown
        ? new CommitOutcomeUnknownException(
            what + "; it may have happened, so no file may be deleted: start again",
            secrets.asCause(failure))
        : new RetryableException(
            what + "; it is tried again from the last checkpoint", secrets.asCause(failure));
  }
}
