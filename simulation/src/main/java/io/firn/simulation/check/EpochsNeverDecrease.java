package io.firn.simulation.check;

/** Whoever has possession of a table keeps it until somebody newer takes it. */
final class EpochsNeverDecrease implements CommitInvariant {
  @Override
  public void check(CommitSeen commit) {
    if (Summaries.epoch(commit.after()) < Summaries.epoch(commit.before())) {
      throw violated(
          commit,
          "epoch "
              + Summaries.epoch(commit.after())
              + " after "
              + Summaries.epoch(commit.before()));
    }
  }
}
