package io.firn.app.assembly;

import io.firn.app.verify.LakeVerifier;
import io.firn.app.verify.VerifiedTables;
import io.firn.dsl.plan.PipelinePlan;
import io.firn.dsl.spec.PipelineSettings;
import io.firn.lake.LakeSink;
import io.firn.lake.LakeSinkOptions;
import io.firn.lake.read.LakeReader;
import io.firn.model.checkpoint.CheckpointStorage;
import io.firn.model.error.ConfigurationException;
import io.firn.runtime.Pipeline;
import io.firn.runtime.PipelineListener;
import io.firn.runtime.PipelineOptions;
import io.firn.source.MySqlSource;
import io.firn.source.MySqlSourceOptions;
import java.nio.file.Path;

/** Puts the parts of a planned pipeline together. */
public final class Assembly {
  private final PipelinePlan plan;
  private final MySqlSourceOptions source;
  private final LakeSinkOptions lake;

  /** The parts of a plan. Connects to nothing yet. */
  public Assembly(PipelinePlan plan) {
    this.plan = plan;
    this.source = SourceAssembly.options(plan.spec().source());
    this.lake = LakeAssembly.options(plan);
  }

  /** The pipeline's id, under which checkpoints and tables know it. */
  public String pipelineId() {
    return plan.spec().pipeline().name();
  }

  /** A new connection to the lake, for looking at it. */
  public LakeReader openLake() {
    return LakeReader.open(lake);
  }

  /** The source; the caller closes it. */
  public MySqlSource openSource() {
    return new MySqlSource(source);
  }

  /**
   * Makes sure that the lake and the checkpoint directory can be written to. The last step before
   * running: a catalog that is only a file comes into being here.
   *
   * @throws ConfigurationException if not
   */
  public void checkTargets() {
    openLake().close();
    closeStorage(openStorage());
  }

  /** The whole pipeline; who runs it closes its parts. */
  public Pipeline pipeline(PipelineListener listener) {
    PipelineSettings settings = plan.spec().pipeline();
    PipelineOptions options =
        PipelineOptions.of(settings.name(), Path.of(settings.stateDirectory()))
            .withParallelism(settings.parallelism())
            .withCheckpointInterval(settings.checkpointInterval());
    return new Pipeline(
        options,
        openSource(),
        plan.transformFactory(),
        new LakeSink(
            lake, LakeAssembly.writerSettings(settings.parallelism(), settings.indexMemoryBytes())),
        openStorage(),
        listener);
  }

  /**
   * What can be compared.
   *
   * @throws ConfigurationException if there is a table that cannot
   */
  public VerifiedTables verifiedTables() {
    return VerifiedTables.of(plan);
  }

  /** Compares source and lake. */
  public LakeVerifier verifier(CheckpointStorage storage) {
    return new LakeVerifier(
        pipelineId(), source, lake, storage, plan.transformFactory(), verifiedTables());
  }

  /** The pipeline's checkpoints; the caller closes them. */
  public CheckpointStorage openStorage() {
    return CheckpointAssembly.open(plan.spec());
  }

  private static void closeStorage(CheckpointStorage storage) {
    try {
      storage.close();
    } catch (java.io.IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }
}
