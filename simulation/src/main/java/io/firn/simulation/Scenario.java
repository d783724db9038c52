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
 * @param mode how tables are written: the name of a write mode, for the tables that can have it;
 *     {@link #USUAL}, or {@link #ANY}
 */
public record Scenario(long seed, int transactions, int lives, Set<Fault> without, String mode) {
  /** Upsert with a key, append without. */
  public static final String USUAL = "usual";

  /** Whatever the seed says, which may be another one for each table. */
  public static final String ANY = "any";

  private static final int MAX_TRANSACTIONS = 45;
  private static final int MAX_LIVES = 6;

  /** Copies the set. */
  public Scenario {
    EnumSet<Fault> copy = EnumSet.noneOf(Fault.class);
    copy.addAll(without);
    without = java.util.Collections.unmodifiableSet(copy);
  }

  /** A run with the usual write modes. */
  public Scenario(long seed, int transactions, int lives, Set<Fault> without) {
    this(seed, transactions, lives, without, USUAL);
  }

  /** The whole run of a seed. */
  public static Scenario of(long seed) {
    Random random = random(seed, "size");
    return new Scenario(
        seed, 10 + random.nextInt(MAX_TRANSACTIONS - 10), random.nextInt(MAX_LIVES), Set.of(), ANY);
  }

  /** Random numbers for one purpose, so that purposes do not disturb each other. */
  static Random random(long seed, String purpose) {
    return new Random(seed * 1_000_003 + purpose.hashCode());
  }

  Random random(String purpose) {
    return random(seed, purpose);
  }

  Scenario withTransactions(int count) {
    return new Scenario(seed, count, lives, without, mode);
  }

  Scenario withLives(int count) {
    return new Scenario(seed, transactions, count, without, mode);
  }

  Scenario withoutFault(Fault fault) {
    EnumSet<Fault> more = EnumSet.noneOf(Fault.class);
    more.addAll(without);
    more.add(fault);
    return new Scenario(seed, transactions, lives, more, mode);
  }

  Scenario withMode(String name) {
    return new Scenario(seed, transactions, lives, without, name);
  }
}
