package io.firn.simulation;

import io.firn.simulation.RunResult.Outcome;
import io.firn.simulation.check.Violation;
import io.firn.simulation.fault.Fault;
import java.util.Optional;

/** Makes a failing run smaller while it still fails in the same way. */
public final class Shrinker {
  private final String wanted;
  private final int maxRuns;
  private int runs;
  private RunResult best;

  private Shrinker(RunResult failing, int maxRuns) {
    this.best = failing;
    this.wanted = kind(failing);
    this.maxRuns = maxRuns;
  }

  /**
   * Leaves out faults, transactions and lives.
   *
   * @param failing the run
   * @param maxRuns how many runs may be tried
   * @return the smallest failing run that was found
   */
  public static RunResult shrink(RunResult failing, int maxRuns) {
    Shrinker shrinker = new Shrinker(failing, maxRuns);
    shrinker.shrink();
    return shrinker.best;
  }

  /** What a run fails with: the name of the broken promise, or of the exception. */
  static String kind(RunResult result) {
    Throwable failure = result.failure().orElseThrow();
    return failure instanceof Violation violation
        ? violation.invariant()
        : failure.getClass().getName();
  }

  private void shrink() {
    boolean smaller = true;
    while (smaller && runs < maxRuns) {
      smaller = false;
      for (Fault fault : best.counts().asMap().keySet()) {
        smaller |= fails(best.scenario().withoutFault(fault));
      }
      for (int step = best.scenario().transactions() / 2; step > 0; step /= 2) {
        while (best.scenario().transactions() > step
            && fails(best.scenario().withTransactions(best.scenario().transactions() - step))) {
          smaller = true;
        }
      }
      while (best.scenario().lives() > 0
          && fails(best.scenario().withLives(best.scenario().lives() - 1))) {
        smaller = true;
      }
    }
  }

  private boolean fails(Scenario scenario) {
    if (runs++ >= maxRuns) {
      return false;
    }
    RunResult result = Simulation.run(scenario);
    boolean same =
        result.outcome() == Outcome.FAILED
            && Optional.of(kind(result)).filter(wanted::equals).isPresent();
    if (same) {
      best = result;
    }
    return same;
  }
}
