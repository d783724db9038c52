package io.firn.runtime.checkpoint;

import io.firn.model.checkpoint.CheckpointMark;
import io.firn.model.sink.Committer.TableCommit;
import io.firn.model.sink.SinkWriter.Committable;
import io.firn.model.sink.TableState;
import io.firn.model.stream.Barrier;
import io.firn.runtime.state.StateSnapshot;
import io.firn.runtime.state.TaskStateFiles;
import java.util.ArrayList;
import java.util.List;

/**
 * The checkpoint in flight, as far as it got.
 *
 * <p><b>Threading</b>: the coordinator's thread.
 */
final class PendingCheckpoint {
  final CheckpointRequest request;
  final long startNanos;
  private final CheckpointAck[] acks;
  private int missingAcks;
  Barrier barrier;
  long rows;
  CheckpointMark mark;
  List<TableCommit> commits = List.of();
  List<TableState> tables = List.of();
  List<TaskStateFiles> taskStates = List.of();
  CheckpointManifest manifest;

  PendingCheckpoint(CheckpointRequest request, int parallelism, long startNanos) {
    this.request = request;
    this.startNanos = startNanos;
    this.acks = new CheckpointAck[parallelism];
    this.missingAcks = parallelism;
  }

  void add(CheckpointAck ack) {
    if (ack.checkpointId() != request.checkpointId() || acks[ack.subtask()] != null) {
      throw new IllegalStateException(
          "Task "
              + ack.subtask()
              + " acknowledged checkpoint "
              + ack.checkpointId()
              + " out of turn; in flight is "
              + request.checkpointId());
    }
    acks[ack.subtask()] = ack;
    missingAcks--;
  }

  boolean complete() {
    return barrier != null && missingAcks == 0;
  }

  /** What all tasks wrote, in task order. */
  List<Committable> committables() {
    List<Committable> all = new ArrayList<>();
    for (CheckpointAck ack : acks) {
      all.addAll(ack.committables());
    }
    return all;
  }

  StateSnapshot state(int subtask) {
    return acks[subtask].state();
  }

  /** Gives up local copies of state. */
  void close() {
    for (CheckpointAck ack : acks) {
      if (ack != null) {
        ack.state().close();
      }
    }
  }
}
