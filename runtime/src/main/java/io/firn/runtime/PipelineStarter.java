package io.firn.runtime;

import io.firn.model.error.CommitOutcomeUnknownException;
import io.firn.model.error.FencedException;
import io.firn.model.error.RetryableException;
import io.firn.runtime.checkpoint.CheckpointStore;
import io.firn.runtime.schedule.NanoClock;
import io.firn.runtime.state.CorruptStateException;
import io.firn.runtime.state.KeyedStateStore;
import io.firn.runtime.state.StateBackend;
import java.io.IOException;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Starts a life of a pipeline: {@linkplain PipelineTakeover takes it over} and restores or gives up
 * keyed state.
 *
 * <p><b>Threading</b>: one thread.
 */
public final class PipelineStarter {
  private static final Logger LOG = LoggerFactory.getLogger(PipelineStarter.class);

  private final Pipeline pipeline;
  private final StateBackend backend;
  private final CheckpointStore store;
  private final NanoClock clock;
  private final PipelineTakeover takeover;

  /**
   * @param store the checkpoints in the pipeline's storage
   * @param clock what checkpoint intervals are measured with
   */
  public PipelineStarter(
      Pipeline pipeline, StateBackend backend, CheckpointStore store, NanoClock clock) {
    this.pipeline = pipeline;
    this.backend = backend;
    this.store = store;
    this.clock = clock;
    this.takeover =
        new PipelineTakeover(
            pipeline.options().pipelineId(), pipeline.sink(), pipeline.storage(), store);
  }

  /** The epoch that was claimed, 0 if it did not come to that. */
  public long epoch() {
    return takeover.epoch();
  }

  /** Keyed state as it was found. */
  private record RestoredState(List<KeyedStateStore> stores, boolean restored) {}

  /** Makes the tasks of the next life; nothing has been read yet. */
  public PipelineLife start(StopCondition stop, PipelineListener listener) {
    listener.onPhase(PipelineListener.Phase.RECOVERING);
    StartingPoint point = takeover.takePossession();
    LOG.info("Epoch {}: {}", epoch(), point.explanation());
    listener.onRecovered(epoch(), point.nextCheckpointId(), point.explanation());
    takeover.commitAgain(point);
    RestoredState state = restoreState(point, listener);
    return new PipelineAssembly(pipeline, store, clock, listener)
        .assemble(epoch(), point, state.stores(), state.restored(), stop);
  }

  /**
   * What a failure of this life really is: a newer instance may show as any failure, such as a
   * vanished file.
   *
   * @return a {@link FencedException} if there is one, else the failure itself
   */
  public Throwable explain(Throwable failure) {
    if (epoch() == 0
        || failure instanceof FencedException
        || failure instanceof VirtualMachineError) {
      return failure;
    }
    try {
      store.checkNotFenced(epoch());
    } catch (FencedException fenced) {
      fenced.addSuppressed(failure);
      return fenced;
    } catch (RuntimeException e) {
      failure.addSuppressed(e);
    }
    return failure;
  }

  /** Whether another life from the last checkpoint may succeed after this failure. */
  public static boolean mayPass(Throwable failure) {
    return failure instanceof RetryableException
        || failure instanceof CommitOutcomeUnknownException;
  }

  private RestoredState restoreState(StartingPoint point, PipelineListener listener) {
    int parallelism = pipeline.options().parallelism();
    try {
      if (point.manifest().isPresent()) {
        try {
          return new RestoredState(
              backend.restore(
                  epoch(), parallelism, point.manifest().get().taskStates(), pipeline.storage()),
              true);
        } catch (CorruptStateException e) {
          LOG.warn("State is rebuilt from the tables: {}", e.getMessage());
          listener.onStateRebuild(e.getMessage());
        }
      } else if (!point.fresh()) {
        listener.onStateRebuild(point.explanation());
      }
      return new RestoredState(backend.create(epoch(), parallelism), false);
    } catch (IOException e) {
      throw new RetryableException(
          "Cannot restore state from "
              + pipeline.storage().location()
              + " into '"
              + pipeline.options().stateDirectory()
              + "': "
              + e
              + "; check space, permissions and connection.",
          e);
    }
  }
}
