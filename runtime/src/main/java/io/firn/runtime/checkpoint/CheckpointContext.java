package io.firn.runtime.checkpoint;

import io.firn.model.stream.SourcePosition;

/**
 * Where a life of a pipeline begins making checkpoints.
 *
 * @param pipelineId the pipeline
 * @param epoch this life
 * @param firstCheckpointId number of its first checkpoint
 * @param previousPosition position of the checkpoint before that, or null
 * @param previousCommitId the newest checkpoint with commits before that, 0 if none
 * @param parallelism how many keyed tasks acknowledge
 * @param intervalNanos from one request to the next
 */
public record CheckpointContext(
    String pipelineId,
    long epoch,
    long firstCheckpointId,
    SourcePosition previousPosition,
    long previousCommitId,
    int parallelism,
    long intervalNanos) {}
