package io.firn.lake.guard;

import io.firn.model.error.FencedException;
import io.firn.model.error.InconsistentStateException;
import io.firn.model.error.RetryableException;

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
    requirePipeline(mark, location);
    if (mark.epoch() > epoch || isTaken(mark)) {
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

  /**
   * Checks that possession of a table may be taken.
   *
   * @throws RetryableException if the epoch was given out before: what was known of epochs is lost
   *     or outdated, and another one will do
   * @throws FencedException if somebody newer has the table
   * @throws InconsistentStateException if the table belongs to another pipeline
   */
  public void requireAvailable(TableMark mark, String location) {
    requirePipeline(mark, location);
    if (isTaken(mark)) {
      throw new RetryableException(
          "Taking possession of the table at '"
              + location
              + "' failed: epoch "
              + epoch
              + " was given out to another instance before; start again with a newer one");
    }
    requireNotFenced(mark, location);
  }

  private boolean isTaken(TableMark mark) {
    return mark.epoch() == epoch && mark.owner() != null && !mark.owner().equals(owner);
  }

  private void requirePipeline(TableMark mark, String location) {
    if (mark.pipelineId() != null && !mark.pipelineId().equals(pipelineId)) {
      throw new InconsistentStateException(
          "The table at '"
              + location
              + "' cannot be written: it belongs to pipeline '"
              + mark.pipelineId()
              + "'; let only one pipeline write to a table");
    }
  }

  /** Whether a table is in this possession already. */
  public boolean holds(TableMark mark) {
    return pipelineId.equals(mark.pipelineId())
        && mark.epoch() == epoch
        && owner.equals(mark.owner());
  }
}
