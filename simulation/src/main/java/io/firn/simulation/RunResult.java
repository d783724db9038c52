package io.firn.simulation;

import io.firn.simulation.fault.FaultCounts;
import java.util.List;
import java.util.Optional;

/**
 * What came of a run.
 *
 * @param scenario the run
 * @param outcome how it ended
 * @param failure the broken promise, if there was one
 * @param traceHash stands for everything that happened, in order
 * @param traceTail the last lines of that
 * @param counts faults that were reached
 * @param commits commits to tables
 * @param checkpoints completed checkpoints
 */
public record RunResult(
    Scenario scenario,
    Outcome outcome,
    Optional<Throwable> failure,
    long traceHash,
    List<String> traceTail,
    FaultCounts counts,
    long commits,
    long checkpoints) {

  /** How a run ended. */
  public enum Outcome {
    /** The pipeline reached the end of the source, and the lake equals it. */
    COMPLETE,
    /** The pipeline stopped for a reason that it explained, and the lake has no wrong row. */
    STOPPED_WITH_EXPLANATION,
    /** A promise was broken. */
    FAILED
  }
}
