package io.firn.runtime;

import io.firn.model.error.CommitOutcomeUnknownException;
import io.firn.model.error.FencedException;
import io.firn.model.error.InconsistentStateException;
import io.firn.model.error.RetryableException;
import io.firn.model.sink.Sink.LakeState;
import io.firn.runtime.checkpoint.CheckpointManifest;
import io.firn.runtime.checkpoint.CheckpointStore;
import io.firn.runtime.checkpoint.CheckpointStore.Loaded;
import io.firn.runtime.schedule.NanoClock;
import io.firn.runtime.state.CorruptStateException;
import io.firn.runtime.state.KeyedStateStore;
import io.firn.runtime.state.StateBackend;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Starts a life of a pipeline: takes possession, finishes what the life before promised, and
 * restores or gives up keyed state.
 *
 * <p>Order: look at tables and checkpoints, decide; claim an epoch; fence the tables; look again,
 * because the life before may have published one more checkpoint until then (afterwards it cannot
 * commit any); commit the manifest; restore state.
 *
 * <p><b>Threading</b>: one thread.
 */
public final class PipelineStarter {
  private static final Logger LOG = LoggerFactory.getLogger(PipelineStarter.class);
  private static final int LOOK_AGAIN_LIMIT = 10;

  private final Pipeline pipeline;
  private final StateBackend backend;
  private final CheckpointStore store;
  private final NanoClock clock;
  private long epoch;

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
  }

  /** The epoch that was claimed, 0 if it did not come to that. */
  public long epoch() {
    return epoch;
  }

  /** Keyed state as it was found. */
  private record RestoredState(List<KeyedStateStore> stores, boolean restored) {}

  /** Makes the tasks of the next life; nothing has been read yet. */
  public PipelineLife start(StopCondition stop, PipelineListener listener) {
    listener.onPhase(PipelineListener.Phase.RECOVERING);
    StartingPoint point = takePossession();
    LOG.info("Epoch {}: {}", epoch, point.explanation());
    listener.onRecovered(epoch, point.nextCheckpointId(), point.explanation());
    point.manifest().ifPresent(this::commitAgain);
    RestoredState state = restoreState(point, listener);
    return new PipelineAssembly(pipeline, store, clock, listener)
        .assemble(epoch, point, state.stores(), state.restored(), stop);
  }

  /**
   * What a failure of this life really is: a newer instance may show as any failure, such as a
   * vanished file.
   *
   * @return a {@link FencedException} if there is one, else the failure itself
   */
  public Throwable explain(Throwable failure) {
    if (epoch == 0
        || failure instanceof FencedException
        || failure instanceof VirtualMachineError) {
      return failure;
    }
    try {
      store.checkNotFenced(epoch);
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

  private StartingPoint takePossession() {
    String id = pipeline.options().pipelineId();
    RecoveryDecision decision = new RecoveryDecision(id, pipeline.storage().location());
    for (int look = 0; look < LOOK_AGAIN_LIMIT; look++) {
      Optional<LakeState> lake = pipeline.sink().open(id);
      Loaded checkpoints = store.load();
      pipeline.sink().requireTables(RecoveryDecision.expectedTables(lake, checkpoints));
      StartingPoint point = decision.decide(lake, checkpoints);
      if (epoch == 0) {
        long lakeEpoch = lake.map(LakeState::maxEpoch).orElse(0L);
        epoch = store.nextEpoch(Math.max(lakeEpoch, checkpoints.newestEpoch()));
      }
      pipeline.sink().fence(epoch);
      if (store.newestManifest().equals(checkpoints.newest())) {
        return point;
      }
    }
    throw new InconsistentStateException(
        "Cannot start pipeline '"
            + id
            + "': checkpoints keep appearing in "
            + pipeline.storage().location()
            + "; stop the other instance.");
  }

  private void commitAgain(CheckpointManifest manifest) {
    // It may have been found although its name is not durable yet: whoever published it failed at
    // just that. The tables must never be ahead of what a crash of the machine leaves.
    store.publish(manifest);
    if (!manifest.commits().isEmpty()) {
      pipeline.sink().committer().commit(manifest.mark(), manifest.commits());
    }
  }

  private RestoredState restoreState(StartingPoint point, PipelineListener listener) {
    int parallelism = pipeline.options().parallelism();
    try {
      if (point.manifest().isPresent()) {
        try {
          return new RestoredState(
              backend.restore(
                  epoch, parallelism, point.manifest().get().taskStates(), pipeline.storage()),
              true);
        } catch (CorruptStateException e) {
          LOG.warn("State is rebuilt from the tables: {}", e.getMessage());
          listener.onStateRebuild(e.getMessage());
        }
      } else if (!point.fresh()) {
        listener.onStateRebuild(point.explanation());
      }
      return new RestoredState(backend.create(epoch, parallelism), false);
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
