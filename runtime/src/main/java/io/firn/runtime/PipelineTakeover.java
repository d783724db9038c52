package io.firn.runtime;

import io.firn.model.checkpoint.CheckpointStorage;
import io.firn.model.error.InconsistentStateException;
import io.firn.model.sink.Sink;
import io.firn.model.sink.Sink.LakeState;
import io.firn.runtime.checkpoint.CheckpointManifest;
import io.firn.runtime.checkpoint.CheckpointStore;
import io.firn.runtime.checkpoint.CheckpointStore.Loaded;
import java.util.Optional;

/**
 * Takes possession of a pipeline and finishes what the life before promised.
 *
 * <p>Order: look at tables and checkpoints, decide; claim an epoch; fence the tables; look again,
 * because the life before may have published one more checkpoint until then (afterwards it cannot
 * commit any); commit the manifest.
 *
 * <p><b>Threading</b>: one thread.
 */
public final class PipelineTakeover {
  private static final int LOOK_AGAIN_LIMIT = 10;

  private final String pipelineId;
  private final Sink sink;
  private final CheckpointStorage storage;
  private final CheckpointStore store;
  private long epoch;

  PipelineTakeover(String pipelineId, Sink sink, CheckpointStorage storage, CheckpointStore store) {
    this.pipelineId = pipelineId;
    this.sink = sink;
    this.storage = storage;
    this.store = store;
  }

  /**
   * Takes a pipeline over without running it: afterwards its tables have its newest checkpoint, and
   * an instance that was running is fenced.
   *
   * @param sink not opened yet; open and fenced afterwards
   * @return the epoch that was claimed
   */
  public static long run(String pipelineId, Sink sink, CheckpointStorage storage) {
    PipelineTakeover takeover =
        new PipelineTakeover(pipelineId, sink, storage, new CheckpointStore(pipelineId, storage));
    takeover.commitAgain(takeover.takePossession());
    return takeover.epoch();
  }

  /** The epoch that was claimed, 0 if it did not come to that. */
  long epoch() {
    return epoch;
  }

  StartingPoint takePossession() {
    RecoveryDecision decision = new RecoveryDecision(pipelineId, storage.location());
    for (int look = 0; look < LOOK_AGAIN_LIMIT; look++) {
      Optional<LakeState> lake = sink.open(pipelineId);
      Loaded checkpoints = store.load();
      sink.requireTables(RecoveryDecision.expectedTables(lake, checkpoints));
      StartingPoint point = decision.decide(lake, checkpoints);
      if (epoch == 0) {
        long lakeEpoch = lake.map(LakeState::maxEpoch).orElse(0L);
        epoch = store.nextEpoch(Math.max(lakeEpoch, checkpoints.newestEpoch()));
      }
      sink.fence(epoch);
      if (store.newestManifest().equals(checkpoints.newest())) {
        return point;
      }
    }
    throw new InconsistentStateException(
        "Cannot start pipeline '"
            + pipelineId
            + "': checkpoints keep appearing in "
            + storage.location()
            + "; stop the other instance.");
  }

  void commitAgain(StartingPoint point) {
    if (point.manifest().isEmpty()) {
      return;
    }
    CheckpointManifest manifest = point.manifest().get();
    // It may have been found although its name is not durable yet: whoever published it failed at
    // just that. The tables must never be ahead of what a crash of the machine leaves.
    store.publish(manifest);
    if (!manifest.commits().isEmpty()) {
      sink.committer().commit(manifest.mark(), manifest.commits());
    }
  }
}
