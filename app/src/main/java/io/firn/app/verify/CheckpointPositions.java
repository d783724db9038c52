package io.firn.app.verify;

import io.firn.lake.read.LakeReader;
import io.firn.model.checkpoint.CheckpointStorage;
import io.firn.model.sink.Committer.TableCommit;
import io.firn.model.source.Source;
import io.firn.model.stream.SourcePosition;
import io.firn.runtime.checkpoint.CheckpointManifest;
import io.firn.runtime.checkpoint.CheckpointStore;
import java.time.Duration;
import java.util.Optional;

/**
 * Learns from the pipeline's checkpoints how far the lake is. The tables alone do not tell: a table
 * without changes gets no commit, however far the pipeline has read.
 *
 * <p><b>Threading</b>: used by one thread.
 */
final class CheckpointPositions implements CommittedPosition {
  private static final long LOOK_EVERY_MILLIS = 250;

  private final Source source;
  private final CheckpointStore store;
  private final LakeReader lake;
  private final Duration timeout;

  /**
   * @param timeout how long to wait for a pipeline that is behind, or not running
   */
  CheckpointPositions(
      Source source,
      String pipelineId,
      CheckpointStorage storage,
      LakeReader lake,
      Duration timeout) {
    this.source = source;
    this.store = new CheckpointStore(pipelineId, storage);
    this.lake = lake;
    this.timeout = timeout;
  }

  @Override
  public SourcePosition sourceEnd() {
    return source.currentEnd();
  }

  @Override
  public boolean awaitCommitted(SourcePosition position) throws InterruptedException {
    long end = System.nanoTime() + timeout.toNanos();
    while (!committed(position)) {
      if (System.nanoTime() > end) {
        return false;
      }
      Thread.sleep(LOOK_EVERY_MILLIS);
    }
    return true;
  }

  private boolean committed(SourcePosition position) {
    Optional<CheckpointManifest> manifest = store.load().manifest();
    if (manifest.isEmpty()
        || !manifest.get().source().snapshotCompleted()
        || !manifest.get().source().position().reaches(position)) {
      return false;
    }
    // Published is decided, but the commits may still be on their way.
    for (TableCommit commit : manifest.get().commits()) {
      boolean arrived =
          lake.newestMarker(commit.table())
              .filter(marker -> marker.checkpointId() >= manifest.get().checkpointId())
              .isPresent();
      if (!arrived) {
        return false;
      }
    }
    return true;
  }
}
