package io.firn.simulation;

import io.firn.simulation.fault.Fault;
import java.util.EnumSet;
import java.util.Random;
import java.util.Set;

/**
 * A run, as far as its seed does not say it: what a shrunk run leaves out.
 *
 * @param seed decides everything else
 * @param transactions how many transactions of the history happen at most
 * @param lives how many times the pipeline may fail before it is left in peace
 * @param without faults that do not happen
 */
public record Scenario(long seed, int transactions, int lives, Set<Fault> without) {
  private static final int MAX_TRANSACTIONS = 45;
  private static final int MAX_LIVES = 6;

  /** Copies the set. */
  public Scenario {
    EnumSet<Fault> copy = EnumSet.noneOf(Fault.class);
    copy.addAll(without);
    without = java.util.Collections.unmodifiableSet(copy);
  }

  /** The whole run of a seed. */
  public static Scenario of(long seed) {
    Random random = random(seed, "size");
    return new Scenario(
        seed, 10 + random.nextInt(MAX_TRANSACTIONS - 10), random.nextInt(MAX_LIVES), Set.of());
  }

  /** Random numbers for one purpose, so that purposes do not disturb each other. */
  static Random random(long seed, String purpose) {
    return new Random(seed * 1_000_003 + purpose.hashCode());
  }

  Random random(String purpose) {
    return random(seed, purpose);
  }

  Scenario withTransactions(int count) {
    return new Scenario(seed, count, lives, without);
  }

  Scenario withLives(int count) {
    return new Scenario(seed, transactions, count, without);
  }

  Scenario withoutFault(Fault fault) {
    EnumSet<Fault> more = EnumSet.noneOf(Fault.class);
    more.addAll(without);
    more.add(fault);
    return new Scenario(seed, transactions, lives, more);
  }
}
