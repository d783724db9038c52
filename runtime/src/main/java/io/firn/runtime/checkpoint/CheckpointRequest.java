package io.firn.runtime.checkpoint;

/**
 * Asks the source task for a barrier at the next boundary.
 *
 * @param checkpointId number of the checkpoint
 * @param last whether nothing shall follow the barrier
 */
public record CheckpointRequest(long checkpointId, boolean last) {}
