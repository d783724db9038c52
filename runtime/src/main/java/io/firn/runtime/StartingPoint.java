package io.firn.runtime;

import io.firn.model.source.SourceState;
import io.firn.model.stream.SourcePosition;
import io.firn.runtime.checkpoint.CheckpointManifest;
import java.util.Optional;

/**
 * Where a life of a pipeline goes on from.
 *
 * @param source the source's state; empty for a fresh start
 * @param noBarrierBefore a place that some table has reached already and others have not: a
 *     checkpoint before it would let the former see rows again after the next restart; empty if
 *     there is none
 * @param nextCheckpointId number of the first checkpoint
 * @param previousPosition position of the checkpoint before that, or null
 * @param previousCommitId the newest checkpoint with commits before that, 0 if none
 * @param manifest to be committed (again) and to restore keyed state from; empty if there is no
 *     usable one
 * @param fresh whether nothing at all was there before
 * @param explanation for people, one sentence
 */
record StartingPoint(
    Optional<SourceState> source,
    Optional<SourcePosition> noBarrierBefore,
    long nextCheckpointId,
    SourcePosition previousPosition,
    long previousCommitId,
    Optional<CheckpointManifest> manifest,
    boolean fresh,
    String explanation) {}
