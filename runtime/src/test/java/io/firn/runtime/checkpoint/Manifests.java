package io.firn.runtime.checkpoint;

import io.firn.model.schema.TableId;
import io.firn.model.sink.Committer.TableCommit;
import io.firn.model.sink.TableState;
import io.firn.model.source.SourceState;
import io.firn.model.state.KeyGroups;
import io.firn.model.stream.SourcePosition;
import io.firn.runtime.state.StateFile;
import io.firn.runtime.state.TaskStateFiles;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Manifests for tests. */
public final class Manifests {
  private Manifests() {}

  /** A place in the binlog. */
  public static SourcePosition position(long offset) {
    return SourcePosition.binlog("binlog.000007", offset, 0, "uuid:1-" + offset);
  }

  /** A completed state at a place. */
  public static SourceState state(long offset) {
    return new SourceState(
        position(offset),
        true,
        "{\"file\":\"binlog.000007\"}",
        Map.of(new TableId("shop", "orders\u00e4"), "{}", new TableId("shop", "items"), ""));
  }

  /** The same with the tables it notes. */
  public static CheckpointManifest withTables(CheckpointManifest manifest, TableState... tables) {
    return new CheckpointManifest(
        manifest.pipelineId(),
        manifest.epoch(),
        manifest.checkpointId(),
        manifest.source(),
        manifest.previousPosition(),
        manifest.previousCommitId(),
        manifest.taskStates(),
        manifest.commits(),
        Optional.of(List.of(tables)));
  }

  /** A manifest whose position is 100 times its number, with two tasks and one commit. */
  public static CheckpointManifest manifest(long epoch, long id, String... stateNames) {
    List<StateFile> files =
        java.util.Arrays.stream(stateNames).map(n -> new StateFile("f.sst", n, 10, -7)).toList();
    return new CheckpointManifest(
        "p",
        epoch,
        id,
        state(100 * id),
        id == 1 ? null : position(100 * (id - 1)),
        id - 1,
        List.of(
            new TaskStateFiles(KeyGroups.rangeOf(0, 2), files),
            new TaskStateFiles(KeyGroups.rangeOf(1, 2), List.of())),
        List.of(new TableCommit(new TableId("lake", "orders"), 3, new byte[] {1, -2, 3})));
  }
}
