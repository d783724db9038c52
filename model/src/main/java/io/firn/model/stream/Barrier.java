package io.firn.model.stream;

/**
 * Separates what belongs to checkpoint {@code checkpointId} from what comes after it.
 *
 * @param checkpointId the checkpoint that ends here; counts from 1 without gaps in a pipeline's
 *     life
 * @param sourceState the source's state at exactly this point
 */
public record Barrier(long checkpointId, io.firn.model.source.SourceState sourceState)
    implements StreamElement {}
