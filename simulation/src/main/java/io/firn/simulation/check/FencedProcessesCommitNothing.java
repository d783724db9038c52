package io.firn.simulation.check;

import java.util.function.ToLongFunction;

/** A process whose epoch is older than the table's changes nothing in it. */
final class FencedProcessesCommitNothing implements CommitInvariant {
  private final ToLongFunction<String> epochOf;

  /**
   * @param epochOf the epoch of a process's current life
   */
  FencedProcessesCommitNothing(ToLongFunction<String> epochOf) {
    this.epochOf = epochOf;
  }

  @Override
  public void check(CommitSeen commit) {
    long epoch = commit.ours() ? epochOf.applyAsLong(commit.who()) : Long.MAX_VALUE;
    if (epoch < Summaries.epoch(commit.before())) {
      throw violated(
          commit,
          "the process has epoch " + epoch + ", the table " + Summaries.epoch(commit.before()));
    }
  }
}
