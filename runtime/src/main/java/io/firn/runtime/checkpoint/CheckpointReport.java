package io.firn.runtime.checkpoint;

import io.firn.model.source.SourceState;

/**
 * What a completed checkpoint was.
 *
 * @param checkpointId its number
 * @param epoch the life of the pipeline
 * @param source the source's state at it
 * @param rows source rows in it
 * @param tables tables that got a commit
 * @param committables what the tasks wrote, counted (in the usual sink: files)
 * @param stateFiles files of keyed state that it refers to
 * @param durationNanos from the request for the barrier to the last commit
 */
public record CheckpointReport(
    long checkpointId,
    long epoch,
    SourceState source,
    long rows,
    int tables,
    int committables,
    int stateFiles,
    long durationNanos) {}
