package io.firn.lake.guard;

import io.firn.model.error.FencedException;
import io.firn.model.error.InconsistentStateException;

/**
 * Who may commit: one life of one pipeline, in one process.
 *
 * @param pipelineId the pipeline
 * @param epoch the life
 * @param owner random name of the instance: two instances never share possession, not even with the
 *     same epoch
 */
public record Possession(String pipelineId, long epoch, String owner) {

  /**
   * Checks that nobody else took possession of a table.
   *
   * @throws FencedException if somebody newer has it
   * @throws InconsistentStateException if the table belongs to another pipeline
   */
  public void requireNotFenced(TableMark mark, String location) {
    if (mark.pipelineId() != null && !mark.pipelineId().equals(pipelineId)) {
      throw new InconsistentStateException(
          "The table at '"
              + location
              + "' cannot be written: it belongs to pipeline '"
              + mark.pipelineId()
              + "'; let only one pipeline write to a table");
    }
    boolean newer = mark.epoch() > epoch;
    boolean other = mark.epoch() == epoch && mark.owner() != null && !mark.owner().equals(owner);
    if (newer || other) {
      throw new FencedException(
          "The table at '"
              + location
              + "' cannot be written: epoch "
              + mark.epoch()
              + " of pipeline '"
              + pipelineId
              + "' has taken over from epoch "
              + epoch
              + "; stop this instance");
    }
  }

  /** Whether a table is in this possession already. */
  public boolean holds(TableMark mark) {
    return pipelineId.equals(mark.pipelineId())
        && mark.epoch() == epoch
        && owner.equals(mark.owner());
  }
}
