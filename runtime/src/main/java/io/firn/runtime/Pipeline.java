package io.firn.runtime;

import io.firn.model.checkpoint.CheckpointStorage;
import io.firn.model.sink.Sink;
import io.firn.model.source.Source;
import io.firn.model.transform.Transform;
import java.util.Objects;

/**
 * The parts of a pipeline, ready to run.
 *
 * @param options settings
 * @param source where changes come from
 * @param transform what happens to them
 * @param sink where they go
 * @param storage where checkpoints are kept, for this pipeline alone
 * @param listener hears what goes on
 */
public record Pipeline(
    PipelineOptions options,
    Source source,
    Transform.Factory transform,
    Sink sink,
    CheckpointStorage storage,
    PipelineListener listener) {
  /** Checks that everything is there. */
  public Pipeline {
    Objects.requireNonNull(options, "options");
    Objects.requireNonNull(source, "source");
    Objects.requireNonNull(transform, "transform");
    Objects.requireNonNull(sink, "sink");
    Objects.requireNonNull(storage, "storage");
    Objects.requireNonNull(listener, "listener");
  }
}
