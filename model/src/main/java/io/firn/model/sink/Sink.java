package io.firn.model.sink;

import io.firn.model.checkpoint.CheckpointMark;
import io.firn.model.schema.TableId;
import io.firn.model.source.SourceState;
import java.util.List;
import java.util.Optional;

/**
 * A place that changes go to, with two-phase commit.
 *
 * <p>Order of calls in one life of a pipeline: {@link #open}; {@link #requireTables}; {@link
 * #fence}; {@link #committer()} {@code .commit} of what the latest checkpoint promised; {@link
 * #createWriter} for every task; then writing and committing; {@link #close}.
 *
 * <p>After a failure that may pass, the pipeline starts its next life in the same process: all
 * writers are closed, and {@link #open} is called again without a {@code close} in between. It then
 * reads the tables anew; nothing remembered from the life before may be trusted.
 */
public interface Sink extends AutoCloseable {

  /**
   * Connects and looks at the tables that this pipeline wrote before. Nothing is changed.
   *
   * @return what the tables themselves remember, empty if this pipeline never committed anything
   * @throws io.firn.model.error.ConfigurationException if the place cannot be written to
   */
  Optional<LakeState> open(String pipelineId);

  /**
   * Checks that tables are still the ones that the pipeline wrote. Called after {@link #open} and
   * before {@link #fence}. Nothing is changed.
   *
   * @param expected the tables that the place to resume from builds upon
   * @throws io.firn.model.error.InconsistentStateException if one of them is missing, is another
   *     table, or lacks a checkpoint that it had
   */
  default void requireTables(List<TableState> expected) {}

  /**
   * Takes possession: from now on, commits of a lower epoch are refused by the tables themselves.
   *
   * @throws io.firn.model.error.FencedException if a higher epoch already has possession
   */
  void fence(long epoch);

  /** The one committer of the pipeline. */
  Committer committer();

  /** A writer for one task. Called after the committer has brought the tables up to date. */
  SinkWriter createWriter(WriterContext context);

  @Override
  void close();

  /**
   * What the tables remember of this pipeline: enough to go on without any local state.
   *
   * @param latest the newest checkpoint that any table has
   * @param resumeFrom source state from which nothing is missing in any table; tables that are
   *     already further ignore what they have
   * @param maxEpoch highest epoch seen in any table
   * @param incompleteTables tables that lack the latest checkpoint although it had changes for them
   * @param expectedTables the tables that there must be, as noted with the latest checkpoint
   */
  record LakeState(
      CheckpointMark latest,
      SourceState resumeFrom,
      long maxEpoch,
      List<TableId> incompleteTables,
      List<TableState> expectedTables) {

    /** A state that expects no table. */
    public LakeState(
        CheckpointMark latest,
        SourceState resumeFrom,
        long maxEpoch,
        List<TableId> incompleteTables) {
      this(latest, resumeFrom, maxEpoch, incompleteTables, List.of());
    }
  }
}
