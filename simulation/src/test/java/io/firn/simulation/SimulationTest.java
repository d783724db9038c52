package io.firn.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import io.firn.simulation.RunResult.Outcome;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/**
 * The build's share of the simulation: seeds 0 to {@code firn.simulation.seeds}, or the one seed
 * {@code firn.simulation.seed}.
 */
class SimulationTest {
  private static final int SEEDS = Integer.getInteger("firn.simulation.seeds", 200);
  private static final int SHRINKING_RUNS = 60;

  @Test
  void noSeedBreaksAPromiseAndEveryFaultIsReached() throws InterruptedException {
    Long only = Long.getLong("firn.simulation.seed");
    long first = only == null ? 0 : only;
    long seeds = only == null ? SEEDS : 1;
    AtomicLong begun = new AtomicLong();
    Torture[] self = new Torture[1];
    Torture torture =
        new Torture(
            first,
            () -> !self[0].failures().isEmpty() || begun.getAndIncrement() >= seeds,
            result -> {});
    self[0] = torture;
    torture.run(Runtime.getRuntime().availableProcessors());
    for (RunResult failure : torture.failures()) {
      throw failed(failure);
    }
    if (only == null) {
      assertThat(torture.counts().missing()).as("faults that no seed reached").isEmpty();
    }
  }

  private static AssertionError failed(RunResult failure) {
    RunResult smaller = Shrinker.shrink(failure, SHRINKING_RUNS);
    return new AssertionError(
        "seed="
            + failure.scenario().seed()
            + " breaks a promise; smaller:\n"
            + Replay.of(smaller).text()
            + String.join("\n", smaller.traceTail())
            + "\n"
            + smaller.failure().orElseThrow(),
        smaller.failure().orElseThrow());
  }

  @Test
  void aSeedAlwaysGivesTheSameRun() {
    for (long seed = 300; seed < 306; seed++) {
      RunResult once = Simulation.run(Scenario.of(seed));
      RunResult again = Simulation.run(Scenario.of(seed));
      assertThat(again.traceHash()).as("seed " + seed).isEqualTo(once.traceHash());
      assertThat(once.outcome()).isNotEqualTo(Outcome.FAILED);
    }
  }
}
