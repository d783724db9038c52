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
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.iceberg.catalog.TableCommit;
import org.apache.iceberg.exceptions.CommitFailedException;
import org.apache.iceberg.exceptions.ValidationException;
import org.apache.iceberg.rest.RESTCatalog;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Commits all tables of a checkpoint at once where the REST catalog can. The server compares what
 * each table's part was built on (its branch's snapshot, its schema), so the guard that ran on that
 * metadata holds: whoever came in between makes the whole commit fail, and it is built again.
 *
 * <p><b>Threading</b>: one thread at a time.
 */
final class MultiTableCommitter {
  private static final Logger LOG = LoggerFactory.getLogger(MultiTableCommitter.class);
  private static final int MAX_ATTEMPTS = 8;

  private final RESTCatalog catalog;
  private final TableCommitter single;
  private final Secrets secrets;
  private final Patience patience;
  private boolean unsupported;

  MultiTableCommitter(
      RESTCatalog catalog, TableCommitter single, Secrets secrets, Patience patience) {
    this.catalog = catalog;
    this.single = single;
    this.secrets = secrets;
    this.patience = patience;
  }

  /** Commits every table that does not have the checkpoint yet. */
  void commit(
      Map<PipelineTable, CommitPayload> payloads,
      Marker marker,
      Map<PipelineTable, CommitGuard> guards) {
    boolean unknown = false;
    for (int attempt = 0; !unsupported; attempt++) {
      RuntimeException failure;
      try {
        List<TableCommit> parts = stageMissing(payloads, marker, guards);
        if (!parts.isEmpty()) {
          catalog.commitTransaction(parts);
        }
        payloads.keySet().forEach(PipelineTable::refresh);
        return;
      } catch (InconsistentStateException e) {
        if (attempt + 1 >= TableCommitter.STALE_ATTEMPTS) {
          throw e;
        }
        failure = e; // the catalog may have answered with an older version of a table
      } catch (FirnException e) {
        throw e;
      } catch (UnsupportedOperationException e) {
        LOG.info("The catalog commits one table at a time");
        unsupported = true;
        break;
      } catch (ValidationException | IllegalArgumentException e) {
        // The commit of a single table tells the cases apart.
        LOG.warn("Staging {} failed: {}", marker.describe(), secrets.explain(e));
        break;
      } catch (CommitFailedException e) {
        failure = e;
      } catch (RuntimeException e) {
        unknown = true;
        failure = e;
      }
      if (StorageFailures.isPermanent(failure)) {
        throw StorageFailures.of(
            "Committing " + marker.describe() + " to several tables", "", failure, secrets);
      }
      if (attempt + 1 >= MAX_ATTEMPTS) {
        throw giveUp(marker, failure, unknown);
      }
      LOG.warn(
          "Attempt {} to commit {} to {} tables failed: {}",
          attempt + 1,
          marker.describe(),
          payloads.size(),
          secrets.explain(failure));
      patience.pause(attempt);
    }
    payloads.forEach((table, payload) -> single.commit(table, payload, marker, guards.get(table)));
  }

  private static List<TableCommit> stageMissing(
      Map<PipelineTable, CommitPayload> payloads,
      Marker marker,
      Map<PipelineTable, CommitGuard> guards) {
    List<TableCommit> parts = new ArrayList<>();
    for (Map.Entry<PipelineTable, CommitPayload> entry : payloads.entrySet()) {
      PipelineTable table = entry.getKey();
      try {
        parts.add(StagedCommit.stage(table, entry.getValue(), marker, guards.get(table)).part());
      } catch (AlreadyCommittedException e) {
        LOG.info("Table {} contains {} already", table.id(), marker.describe());
      }
    }
    return parts;
  }

  private FirnException giveUp(Marker marker, RuntimeException failure, boolean unknown) {
    String what =
        "Committing "
            + marker.describe()
            + " to several tables failed "
            + MAX_ATTEMPTS
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
