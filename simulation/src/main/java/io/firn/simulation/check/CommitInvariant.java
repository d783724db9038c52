package io.firn.simulation.check;

/** A promise that every commit must keep. An instance belongs to one run and may remember. */
public interface CommitInvariant {

  /**
   * Looks at a commit.
   *
   * @throws Violation if the promise is broken
   */
  void check(CommitSeen commit);

  /** Its name in messages. */
  default String name() {
    return getClass().getSimpleName();
  }

  /** A broken promise. */
  default Violation violated(CommitSeen commit, String what) {
    return new Violation(name(), commit.table() + " by " + commit.who() + ": " + what);
  }
}
