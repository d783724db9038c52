package io.firn.runtime.fake;

import java.util.Map;
import java.util.TreeMap;

/** Counts the operations on the outside world, and ends the process or fails at chosen ones. */
public final class Faults {
  /** No faults, ever. */
  public static Faults none() {
    return new Faults(Long.MAX_VALUE);
  }

  private final long crashAt;
  private long operations;
  private RuntimeException failure;
  private long failAt = Long.MAX_VALUE;
  public final Map<String, Integer> reached = new TreeMap<>();

  /** Runs before each operation: what other processes do meanwhile. */
  public Runnable meanwhile = () -> {};

  /** Crashes at the operation with this number, counted from 1. */
  public Faults(long crashAt) {
    this.crashAt = crashAt;
  }

  /** Throws once at the operation with this number. */
  public synchronized Faults failing(long at, RuntimeException e) {
    failAt = at;
    failure = e;
    return this;
  }

  /** Called before and after each operation. */
  public synchronized void hit(String operation) {
    operations++;
    meanwhile.run();
    if (operations >= crashAt) {
      reached.merge(operation, 1, Integer::sum);
      throw new SimulatedCrash(operation);
    }
    if (operations == failAt) {
      throw failure;
    }
  }
}
