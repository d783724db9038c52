package io.firn.model.sink;

import io.firn.model.row.RowChange;
import io.firn.model.stream.SchemaChange;
import java.util.List;

/**
 * Writes the rows of one task.
 *
 * <p><b>Threading</b>: all calls come from one thread at a time.
 */
public interface SinkWriter extends AutoCloseable {

  /**
   * Writes changes in order. Their tables were announced by a {@link SchemaChange} before.
   *
   * @throws io.firn.model.error.RetryableException if storage failed for now
   */
  void write(List<RowChange> changes);

  /** Applies a schema change, in order with the rows. Every task gets every schema change. */
  void apply(SchemaChange change);

  /**
   * Ends the writer's part of a checkpoint: closes open files, and leaves in the task's state store
   * what belongs to the checkpoint (the caller snapshots the store right afterwards).
   *
   * @return what was written; empty if nothing. Given to {@link Committer#prepare} in this process.
   */
  List<Committable> prepareCommit(long checkpointId);

  /** Gives up everything not yet prepared, and deletes its files if they can be deleted. */
  @Override
  void close();

  /** Opaque to the runtime; consumed by the same sink's committer. */
  interface Committable {
    /** The target table. */
    io.firn.model.schema.TableId table();
  }
}
