package io.firn.simulation.check;

import io.firn.simulation.lake.ObjectStore;
import java.util.List;
import java.util.function.ToLongFunction;

/** All promises that commits must keep. */
final class CommitInvariants {
  private final Oracle oracle;
  private final List<CommitInvariant> all;

  /**
   * @param publications knows what was published
   * @param content compares rows
   * @param compactions compares rows before and after a compaction
   * @param epochOf the epoch of a process's current life
   */
  CommitInvariants(
      ObjectStore store,
      TableFiles files,
      Oracle oracle,
      CommitsArePublished publications,
      LakeEqualsOracle content,
      CompactionKeepsRows compactions,
      ToLongFunction<String> epochOf) {
    this.oracle = oracle;
    this.all =
        List.of(
            // The others rely on it.
            new MarkerInEverySnapshot(),
            new FencedProcessesCommitNothing(epochOf),
            publications,
            new OneSnapshotPerCheckpoint(),
            new PositionsIncrease(oracle::readAnew),
            new EpochsNeverDecrease(),
            new PropertyEqualsNewestMarker(),
            new ReferencedFilesExist(store, files),
            new NoEqualityDeletes(files),
            new RowsAddUp(files, oracle),
            compactions,
            content);
  }

  /** Checks a commit. */
  public void check(CommitSeen commit) {
    oracle.committed(commit);
    for (CommitInvariant invariant : all) {
      invariant.check(commit);
    }
  }
}
