package io.firn.runtime.task;

import io.firn.model.schema.TableId;

/**
 * Hears what the source task reads.
 *
 * <p><b>Threading</b>: called by the source task's thread, once per batch and table; must be cheap.
 */
public interface ReadListener {

  /**
   * Rows of one table were read.
   *
   * @param reads rows read by the initial snapshot
   * @param lastCommitTimestampMicros when the source logged the last of them, microseconds since
   *     1970 UTC; 0 when unknown
   */
  default void onRowsRead(
      TableId table,
      int reads,
      int inserts,
      int updates,
      int deletes,
      long lastCommitTimestampMicros) {}

  /** Reading begins, or changes between the initial snapshot (true) and the change stream. */
  default void onReading(boolean snapshot) {}
}
