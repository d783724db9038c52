package io.firn.runtime.checkpoint;

import io.firn.model.sink.SinkWriter.Committable;
import io.firn.runtime.state.StateSnapshot;
import java.util.List;

/**
 * A keyed task's part of a checkpoint.
 *
 * @param checkpointId the checkpoint
 * @param subtask the task's number
 * @param committables what its writer wrote
 * @param state its state at the barrier
 */
public record CheckpointAck(
    long checkpointId, int subtask, List<Committable> committables, StateSnapshot state) {}
