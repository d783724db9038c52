package io.firn.simulation.fault;

import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;

/** How often each fault was reached. Thread-safe. */
public final class FaultCounts {
  private final Map<Fault, Long> counts = new EnumMap<>(Fault.class);

  /** Counts one. */
  public synchronized void add(Fault fault) {
    counts.merge(fault, 1L, Long::sum);
  }

  /** Adds those of a run. */
  public void add(FaultCounts other) {
    Map<Fault, Long> theirs = other.asMap();
    synchronized (this) {
      theirs.forEach((fault, count) -> counts.merge(fault, count, Long::sum));
    }
  }

  /** A copy. */
  public synchronized Map<Fault, Long> asMap() {
    return new EnumMap<>(counts);
  }

  /** What was never reached. */
  public synchronized Set<Fault> missing() {
    Set<Fault> missing = EnumSet.allOf(Fault.class);
    missing.removeAll(counts.keySet());
    return missing;
  }
}
