package io.firn.dsl.sql;

/**
 * What an expression's value depends on besides the row: the same row may get another value when it
 * comes again, as the old side of an update or delete. Ordered from harmless to hard.
 */
public enum Volatility {
  /** Nothing: the same row always gives the same value. */
  NONE("nothing"),
  /** The current time, or the time of the change. */
  TIME("the time of the change"),
  /** Whether the row was inserted, changed or deleted. */
  KIND_OF_CHANGE("the kind of change");

  private final String title;

  Volatility(String title) {
    this.title = title;
  }

  /** What it depends on, for messages. */
  public String title() {
    return title;
  }

  /** What something depends on that depends on both. */
  public Volatility and(Volatility other) {
    return compareTo(other) >= 0 ? this : other;
  }
}
