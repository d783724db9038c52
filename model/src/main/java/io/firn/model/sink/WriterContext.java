package io.firn.model.sink;

import io.firn.model.state.KeyGroupRange;
import io.firn.model.state.StateStore;

/**
 * What a {@link SinkWriter} is told about its task.
 *
 * @param pipelineId the pipeline's id
 * @param epoch the epoch of this life of the pipeline
 * @param firstCheckpointId the checkpoint that the first rows belong to
 * @param subtask number of the task among its siblings, from 0
 * @param parallelism how many siblings there are
 * @param keyGroups the key groups whose rows this task gets
 * @param state the task's state, as of the restored checkpoint
 * @param stateRestored false if {@code state} is empty because there was no usable checkpoint: what
 *     it held must be rebuilt from the tables
 */
public record WriterContext(
    String pipelineId,
    long epoch,
    long firstCheckpointId,
    int subtask,
    int parallelism,
    KeyGroupRange keyGroups,
    StateStore state,
    boolean stateRestored) {}
