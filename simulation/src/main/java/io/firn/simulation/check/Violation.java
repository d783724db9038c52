package io.firn.simulation.check;

/** A promise was broken. */
public final class Violation extends AssertionError {
  private static final long serialVersionUID = 1L;

  private final String invariant;

  /**
   * @param invariant name of the promise
   * @param what what was seen instead
   */
  public Violation(String invariant, String what) {
    super(invariant + ": " + what);
    this.invariant = invariant;
  }

  /** Name of the promise. */
  public String invariant() {
    return invariant;
  }
}
