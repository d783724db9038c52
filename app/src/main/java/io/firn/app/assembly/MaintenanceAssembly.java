package io.firn.app.assembly;

import io.firn.dsl.spec.PipelineSpec;
import io.firn.lake.LakeSink;
import io.firn.lake.LakeSinkOptions;
import io.firn.model.checkpoint.CheckpointStorage;
import io.firn.runtime.PipelineTakeover;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;

/** The lake's side of a pipeline alone: its source need not be there. */
public final class MaintenanceAssembly {
  private final PipelineSpec spec;
  private final LakeSinkOptions options;

  /** Connects to nothing yet. */
  public MaintenanceAssembly(PipelineSpec spec) {
    this.spec = spec;
    this.options = LakeAssembly.options(spec);
  }

  /** What there is to do, one line each; nothing is changed. */
  public List<String> plan() {
    try (LakeSink sink = new LakeSink(options)) {
      sink.open(spec.pipeline().name());
      return sink.maintenancePlan();
    }
  }

  /** Takes the pipeline over and does what there is to do. */
  public void run() {
    try (CheckpointStorage storage = CheckpointAssembly.open(spec);
        LakeSink sink = new LakeSink(options)) {
      PipelineTakeover.run(spec.pipeline().name(), sink, storage);
      sink.maintain();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
