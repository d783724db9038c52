package io.firn.model.checkpoint;

import io.firn.model.source.SourceState;
import io.firn.model.stream.SourcePosition;

/**
 * Identifies a checkpoint and says where in the source it lies.
 *
 * @param pipelineId the pipeline
 * @param epoch the life of the pipeline that made it
 * @param checkpointId its number; increases by one from checkpoint to checkpoint, across epochs
 * @param source the source's state at the checkpoint
 * @param previousPosition the position of the checkpoint before it, or null for the first
 */
public record CheckpointMark(
    String pipelineId,
    long epoch,
    long checkpointId,
    SourceState source,
    SourcePosition previousPosition) {}
