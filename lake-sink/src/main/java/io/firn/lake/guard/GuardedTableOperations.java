package io.firn.lake.guard;

import org.apache.iceberg.BaseMetastoreTableOperations;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.TableMetadata;
import org.apache.iceberg.TableOperations;
import org.apache.iceberg.exceptions.CommitFailedException;
import org.apache.iceberg.exceptions.CommitStateUnknownException;
import org.apache.iceberg.hadoop.HadoopTableOperations;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A table's operations with a guard on every refresh and with an honest answer from every commit.
 *
 * <p>Iceberg deletes the manifests of an attempt that a catalog calls failed. Catalogs are
 * sometimes wrong about that: a JDBC pool that lost its connection runs the update a second time
 * and finds the row changed, by itself; a rename on HDFS can fail after it happened. And what is
 * read back may come from a replica that lags. So a failure is believed only when the table is seen
 * to have gone on without the commit.
 *
 * <p><b>Invariants</b>: {@code commit} returns normally if and only if the new snapshot is in the
 * table; it throws {@link CommitFailedException} only if the catalog said so and the snapshot can
 * never get there; everything else is {@link CommitStateUnknownException}, after which Iceberg
 * deletes nothing.
 */
public final class GuardedTableOperations extends ForwardingTableOperations {
  private static final Logger LOG = LoggerFactory.getLogger(GuardedTableOperations.class);

  /** Catalogs refuse commits for passing reasons, such as a lock that is taken. */
  private static final int MAX_SENDS = 4;

  private static final long NO_SNAPSHOT = -1;

  private final TableOperations delegate;
  private final MetadataGuard guard;

  /**
   * @param delegate the catalog's operations
   * @param guard checks whatever a refresh brings
   */
  public GuardedTableOperations(TableOperations delegate, MetadataGuard guard) {
    super(delegate);
    this.delegate = delegate;
    this.guard = guard;
  }

  @Override
  public TableMetadata refresh() {
    TableMetadata refreshed = delegate.refresh();
    guard.check(refreshed);
    return refreshed;
  }

  /**
   * Whether a commit is refused as soon as the table's metadata is not its base, whatever changed.
   */
  public static boolean comparesMetadata(TableOperations operations) {
    return operations instanceof BaseMetastoreTableOperations
        || operations instanceof HadoopTableOperations;
  }

  /** What the table says of a commit that the catalog did not accept. */
  private enum Outcome {
    LANDED,
    REFUSED,
    UNKNOWN
  }

  @Override
  public void commit(TableMetadata base, TableMetadata metadata) {
    for (int sent = 1; ; sent++) {
      try {
        delegate.commit(base, metadata);
        return;
      } catch (CommitFailedException e) {
        Outcome outcome = outcome(base, metadata, e);
        if (outcome == Outcome.LANDED) {
          LOG.info("A commit to {} was reported as failed but is there", metadata.location());
          return;
        }
        if (outcome == Outcome.REFUSED) {
          throw e;
        }
        if (sent == MAX_SENDS) {
          throw new CommitStateUnknownException(e);
        }
        // Nobody is in the way, as far as one can see. If it landed all the same, it is refused.
      } catch (RuntimeException e) {
        if (outcome(base, metadata, e) == Outcome.LANDED) {
          LOG.info("A commit to {} whose outcome was unknown is there", metadata.location());
          return;
        }
        throw e instanceof CommitStateUnknownException unknown
            ? unknown
            : new CommitStateUnknownException(e);
      }
    }
  }

  /**
   * Reads the table back. The answer may be from before the commit, so that the snapshot is not
   * there says nothing by itself; only a version that the commit can no longer follow does.
   */
  private Outcome outcome(TableMetadata base, TableMetadata metadata, RuntimeException failure) {
    Snapshot snapshot = metadata.currentSnapshot();
    boolean adds = snapshot != null && snapshot.snapshotId() != snapshotId(base);
    try {
      TableMetadata refreshed = delegate.refresh();
      if (!adds) {
        return metadata.properties().equals(refreshed.properties())
            ? Outcome.LANDED
            : Outcome.REFUSED;
      }
      // The snapshot's id is the only trace that a later commit by somebody else cannot remove.
      if (refreshed.snapshot(snapshot.snapshotId()) != null) {
        return Outcome.LANDED;
      }
      return isTooLate(base, refreshed) ? Outcome.REFUSED : Outcome.UNKNOWN;
    } catch (RuntimeException e) {
      failure.addSuppressed(e);
      throw failure instanceof CommitStateUnknownException unknown
          ? unknown
          : new CommitStateUnknownException(failure);
    }
  }

  /** Whether a table that has gone on to this version can never take a commit to the base. */
  private boolean isTooLate(TableMetadata base, TableMetadata refreshed) {
    // Every catalog compares the newest snapshot; sequence numbers never go back.
    boolean newSnapshot =
        snapshotId(refreshed) != snapshotId(base)
            && refreshed.lastSequenceNumber() > base.lastSequenceNumber();
    return newSnapshot
        || (comparesMetadata(delegate)
            && refreshed.previousFiles().stream()
                .anyMatch(entry -> entry.file().equals(base.metadataFileLocation())));
  }

  private static long snapshotId(TableMetadata metadata) {
    Snapshot current = metadata.currentSnapshot();
    return current == null ? NO_SNAPSHOT : current.snapshotId();
  }
}
