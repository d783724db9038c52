package io.firn.simulation.fault;

import io.firn.runtime.fake.SimulatedCrash;
import java.util.Random;
import java.util.Set;

/**
 * What goes wrong for one process: decides at each of its operations on the outside world.
 *
 * <p><b>Invariant</b>: once the process has crashed, none of its operations has any effect.
 */
public final class Faults {
  private final String process;
  private final Random random;
  private final Trace trace;
  private final FaultCounts counts;
  private final Set<Fault> without;
  private final double rate;
  private Runnable meanwhile = () -> {};
  private long operations;
  private long crashAt = Long.MAX_VALUE;
  private boolean crashAfter;
  private String crashKind = "";
  private boolean dead;
  private boolean meddling;
  private boolean armed = true;

  /**
   * @param process its name
   * @param random decides
   * @param trace hears about every operation
   * @param counts counts what was reached
   * @param without faults that do not happen
   * @param rate probability of most faults at each operation
   */
  public Faults(
      String process,
      Random random,
      Trace trace,
      FaultCounts counts,
      Set<Fault> without,
      double rate) {
    this.process = process;
    this.random = random;
    this.trace = trace;
    this.counts = counts;
    this.without = without;
    this.rate = rate;
  }

  /**
   * Lets the process crash at an operation.
   *
   * @param kind what the operation's text begins with
   * @param operation its number among those of its kind, counted from now
   * @param after whether it still takes effect
   */
  public void crashAt(String kind, long operation, boolean after) {
    Fault fault = after ? Fault.CRASH_AFTER : Fault.CRASH_BEFORE;
    if (!without.contains(fault)) {
      crashKind = kind;
      crashAt = operations + operation;
      crashAfter = after;
    }
  }

  /** What others do while an operation of this process is under way. */
  public void meanwhile(Runnable others) {
    meanwhile = others;
  }

  /** No more faults: the rest of the run must get to its end. */
  public void disarm() {
    armed = false;
    crashAt = Long.MAX_VALUE;
  }

  /** Whether faults still happen. */
  public boolean armed() {
    return armed;
  }

  /** Ends the process. */
  public void kill() {
    dead = true;
  }

  /** Whether the process has ended. */
  public boolean dead() {
    return dead;
  }

  /** Called before each operation. */
  public void operation(String what) {
    requireAlive(what);
    boolean counts = what.startsWith(crashKind);
    operations += counts ? 1 : 0;
    trace.add(process + " " + what);
    others();
    if (counts && operations >= crashAt && !crashAfter) {
      crash(Fault.CRASH_BEFORE, what);
    }
  }

  /** Called after an operation that changed something. */
  public void done(String what) {
    requireAlive(what);
    if (what.startsWith(crashKind) && operations >= crashAt && crashAfter) {
      crash(Fault.CRASH_AFTER, what);
    }
  }

  private void others() {
    if (!meddling) {
      meddling = true;
      try {
        meanwhile.run();
      } finally {
        meddling = false;
      }
    }
  }

  private void requireAlive(String what) {
    if (dead) {
      throw new SimulatedCrash(process + " is dead: " + what);
    }
  }

  private void crash(Fault fault, String what) {
    reached(fault);
    dead = true;
    throw new SimulatedCrash(process + " " + fault + " " + what);
  }

  /** Whether a fault happens here and now. */
  public boolean strikes(Fault fault) {
    return strikes(fault, 1);
  }

  /** The same with the probability multiplied. */
  public boolean strikes(Fault fault, double factor) {
    // Always drawn, so that leaving out a fault changes as little as possible.
    double drawn = random.nextDouble();
    if (!armed || without.contains(fault) || drawn >= rate * factor) {
      return false;
    }
    reached(fault);
    return true;
  }

  /** Others get on while an operation is slow. */
  public void slow(Fault fault) {
    if (strikes(fault)) {
      for (int i = 0; i < 5; i++) {
        others();
      }
    }
  }

  /** Notes that a fault was reached. */
  public void reached(Fault fault) {
    trace.add(process + " " + fault);
    counts.add(fault);
  }

  /** Notes how a life of the process ended. */
  public void reachedEnd(Throwable failure) {
    trace.add(process + " ends: " + failure.getClass().getSimpleName());
  }

  /** Random numbers of this process's faults. */
  public Random random() {
    return random;
  }
}
