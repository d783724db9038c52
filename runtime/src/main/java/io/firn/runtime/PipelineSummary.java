package io.firn.runtime;

import io.firn.model.source.SourceState;
import java.util.Optional;

/**
 * How a run ended, if it did not fail.
 *
 * @param clean whether everything that was read is committed; false if the last checkpoint did not
 *     come in time
 * @param checkpoints how many were completed
 * @param restarts how many failures were survived
 * @param source the source's state at the last completed checkpoint of this run, if there was one
 */
public record PipelineSummary(
    boolean clean, long checkpoints, int restarts, Optional<SourceState> source) {}
