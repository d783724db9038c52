package io.firn.source;

import java.util.Objects;

/** A value that must never be printed: {@link #toString} gives stars. */
public final class Secret {
  private final String value;

  /** Wraps a value; not null. */
  public Secret(String value) {
    this.value = Objects.requireNonNull(value, "value");
  }

  /** The value itself; for handing it to a driver, never for a message. */
  public String reveal() {
    return value;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Secret that && value.equals(that.value);
  }

  @Override
  public int hashCode() {
    return value.hashCode();
  }

  @Override
  public String toString() {
    return "***";
  }
}
