package io.firn.lake.guard;

import org.apache.iceberg.Snapshot;
import org.apache.iceberg.TableMetadata;
import org.apache.iceberg.TableOperations;
import org.apache.iceberg.exceptions.CommitFailedException;
import org.apache.iceberg.exceptions.CommitStateUnknownException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A table's operations with a guard on every refresh and with an honest answer from every commit.
 *
 * <p>Iceberg deletes the manifests of an attempt that a catalog calls failed. Catalogs are
 * sometimes wrong about that: a JDBC pool that lost its connection runs the update a second time
 * and finds the row changed, by itself; a rename on HDFS can fail after it happened. So a failure
 * is believed only after the table was read back.
 *
 * <p><b>Invariants</b>: {@code commit} returns normally if and only if the new snapshot is in the
 * table; it throws {@link CommitFailedException} only if the catalog said so and the snapshot is
 * not there; everything else is {@link CommitStateUnknownException}, after which Iceberg deletes
 * nothing.
 */
public final class GuardedTableOperations extends ForwardingTableOperations {
  private static final Logger LOG = LoggerFactory.getLogger(GuardedTableOperations.class);

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

  @Override
  public void commit(TableMetadata base, TableMetadata metadata) {
    try {
      delegate.commit(base, metadata);
    } catch (CommitFailedException e) {
      if (hasLanded(base, metadata, e)) {
        LOG.info("A commit to {} was reported as failed but is there", metadata.location());
        return;
      }
      throw e;
    } catch (RuntimeException e) {
      if (hasLanded(base, metadata, e)) {
        LOG.info("A commit to {} whose outcome was unknown is there", metadata.location());
        return;
      }
      throw e instanceof CommitStateUnknownException unknown
          ? unknown
          : new CommitStateUnknownException(e);
    }
  }

  private boolean hasLanded(TableMetadata base, TableMetadata metadata, RuntimeException failure) {
    Snapshot snapshot = metadata.currentSnapshot();
    boolean adds =
        snapshot != null
            && (base.currentSnapshot() == null
                || base.currentSnapshot().snapshotId() != snapshot.snapshotId());
    try {
      TableMetadata refreshed = delegate.refresh();
      // The snapshot's id is the only trace that a later commit by somebody else cannot remove.
      return adds
          ? refreshed.snapshot(snapshot.snapshotId()) != null
          : metadata.properties().equals(refreshed.properties());
    } catch (RuntimeException e) {
      failure.addSuppressed(e);
      throw failure instanceof CommitStateUnknownException unknown
          ? unknown
          : new CommitStateUnknownException(failure);
    }
  }
}
