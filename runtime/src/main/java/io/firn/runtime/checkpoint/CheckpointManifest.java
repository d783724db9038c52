package io.firn.runtime.checkpoint;

import io.firn.model.checkpoint.CheckpointMark;
import io.firn.model.sink.Committer.TableCommit;
import io.firn.model.sink.TableState;
import io.firn.model.source.SourceState;
import io.firn.model.stream.SourcePosition;
import io.firn.runtime.state.TaskStateFiles;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * Everything that a checkpoint promises and that a restart needs. Its publication is the decision:
 * from then on the commits in it will happen.
 *
 * @param pipelineId the pipeline
 * @param epoch the life of the pipeline that made it
 * @param checkpointId its number
 * @param source the source's state
 * @param previousPosition position of the checkpoint before it, or null for the first
 * @param previousCommitId number of the newest checkpoint before it that had commits, 0 if none;
 *     tables that remember only an older one were rolled back
 * @param taskStates by task, the key groups it owns and its files; as many as the parallelism
 * @param commits what is to be committed, at most one per table
 * @param tables the target tables before these commits; empty if an older version wrote the
 *     manifest, which did not note them
 */
public record CheckpointManifest(
    String pipelineId,
    long epoch,
    long checkpointId,
    SourceState source,
    SourcePosition previousPosition,
    long previousCommitId,
    List<TaskStateFiles> taskStates,
    List<TableCommit> commits,
    Optional<List<TableState>> tables) {

  /** Copies the lists. */
  public CheckpointManifest {
    Objects.requireNonNull(pipelineId, "pipelineId");
    Objects.requireNonNull(source, "source");
    taskStates = List.copyOf(taskStates);
    commits = List.copyOf(commits);
    tables = tables.map(List::copyOf);
    if (epoch < 1 || checkpointId < 1 || previousCommitId >= checkpointId) {
      throw new IllegalArgumentException(
          "Bad checkpoint " + checkpointId + " of epoch " + epoch + " after " + previousCommitId);
    }
  }

  /** A manifest that does not note the tables. */
  public CheckpointManifest(
      String pipelineId,
      long epoch,
      long checkpointId,
      SourceState source,
      SourcePosition previousPosition,
      long previousCommitId,
      List<TaskStateFiles> taskStates,
      List<TableCommit> commits) {
    this(
        pipelineId,
        epoch,
        checkpointId,
        source,
        previousPosition,
        previousCommitId,
        taskStates,
        commits,
        Optional.empty());
  }

  /** What identifies the checkpoint to sources and sinks. */
  public CheckpointMark mark() {
    return new CheckpointMark(pipelineId, epoch, checkpointId, source, previousPosition);
  }

  /** How many tasks had state. */
  public int parallelism() {
    return taskStates.size();
  }

  /** The newest checkpoint with commits, this one included; 0 if none. */
  public long lastCommitId() {
    return commits.isEmpty() ? previousCommitId : checkpointId;
  }
}
