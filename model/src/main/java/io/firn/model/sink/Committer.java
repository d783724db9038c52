package io.firn.model.sink;

import io.firn.model.checkpoint.CheckpointMark;
import io.firn.model.schema.TableId;
import java.util.List;

/**
 * Makes checkpoints visible, one commit per table and checkpoint.
 *
 * <p><b>Threading</b>: one thread at a time; not the tasks' threads.
 */
public interface Committer {

  /**
   * Merges what the tasks wrote into one commit per table, and writes what must be written for it
   * (deletion vectors). Nothing becomes visible.
   *
   * @param checkpoint the checkpoint
   * @param committables of all tasks, in task order
   */
  List<TableCommit> prepare(CheckpointMark checkpoint, List<SinkWriter.Committable> committables);

  /**
   * The tables of this life as they are now. Called after {@link #prepare} and before {@link
   * #commit}; published with the checkpoint and given to {@link Sink#requireTables} by a life that
   * resumes from it.
   */
  default List<TableState> tables() {
    return List.of();
  }

  /**
   * Makes the commits visible. Called only after the checkpoint was published, and again for the
   * same checkpoint after a crash: a commit that a table already has is recognised and left alone.
   *
   * @throws io.firn.model.error.FencedException if a newer life of the pipeline has taken over
   * @throws io.firn.model.error.CommitOutcomeUnknownException if the catalog did not say whether a
   *     commit happened and reading back did not tell either; no file may be deleted
   * @throws io.firn.model.error.InconsistentStateException if the tables are not in the state that
   *     the checkpoint continues
   */
  void commit(CheckpointMark checkpoint, List<TableCommit> commits);

  /**
   * Does one piece of upkeep that is due, if any: what may change how rows are stored, but not the
   * rows. Called between two checkpoints, and often; returns at once when there is nothing to do.
   *
   * @return whether there was something to do
   * @throws io.firn.model.error.FencedException if a newer life of the pipeline has taken over
   * @throws io.firn.model.error.CommitOutcomeUnknownException as for {@link #commit}
   */
  default boolean maintain() {
    return false;
  }

  /**
   * One table's part of a published checkpoint.
   *
   * @param table the target table
   * @param formatVersion version of the payload's form
   * @param payload the sink's own serialised form, readable by later versions of the sink
   */
  record TableCommit(TableId table, int formatVersion, byte[] payload) {}
}
