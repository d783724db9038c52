package io.firn.simulation.source;

import io.firn.model.stream.SourcePosition;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;

/** The simulated database server: lets its history happen bit by bit. */
public final class SourceServer {
  private final SourceHistory history;
  private final Map<Long, Integer> snapshotsByEpoch = new TreeMap<>();
  private int visible;
  private boolean epochsMayRepeat;

  /** A server at the beginning of a history. */
  public SourceServer(SourceHistory history) {
    this.history = history;
  }

  /** All that ever happens. */
  public SourceHistory history() {
    return history;
  }

  /** How many transactions have happened. */
  public int visible() {
    return visible;
  }

  /** Perhaps the next transactions happen. */
  public void goOn(Random random) {
    visible = Math.min(history.size(), visible + random.nextInt(4));
  }

  /** Everything happens. */
  public void finish() {
    visible = history.size();
  }

  /** The place after all transactions that ever happen. */
  public SourcePosition end() {
    return Conversions.position(history.size(), 0);
  }

  /** Whether an initial snapshot was read more than once. */
  public boolean snapshotRepeated() {
    return snapshotsByEpoch.size() > 1;
  }

  /** Whether an initial snapshot was begun in an epoch after the first and until the second. */
  public boolean snapshotTakenBetween(long after, long until) {
    return snapshotsByEpoch.keySet().stream().anyMatch(epoch -> epoch > after && epoch <= until);
  }

  /** No process runs, and what was known of epochs may be lost: they may be given out anew. */
  public void epochsMayRepeat() {
    epochsMayRepeat = true;
  }

  void snapshotTaken(long epoch) {
    if (epochsMayRepeat) {
      snapshotsByEpoch.keySet().removeIf(earlier -> earlier >= epoch);
      epochsMayRepeat = false;
    }
    snapshotsByEpoch.put(epoch, visible);
  }

  /**
   * How many transactions had happened when the initial snapshot was read that a life of the
   * pipeline goes on from.
   */
  public int snapshotOf(long epoch) {
    return snapshotsByEpoch.entrySet().stream()
        .filter(entry -> entry.getKey() <= epoch)
        .reduce((first, second) -> second)
        .orElseThrow(() -> new IllegalStateException("No snapshot before epoch " + epoch))
        .getValue();
  }
}
