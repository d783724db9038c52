package io.firn.simulation.source;

/**
 * A column of a simulated source table.
 *
 * @param name its name
 * @param kind its type
 * @param optional whether NULL is allowed
 * @param defaultValue what rows from before the column have in it; null for NULL
 */
public record SourceColumn(String name, Kind kind, boolean optional, Object defaultValue) {

  /** The types there are. */
  public enum Kind {
    /** {@code Integer}. */
    INT,
    /** {@code Long}. */
    LONG,
    /** {@code String}. */
    TEXT
  }

  SourceColumn withName(String newName) {
    return new SourceColumn(newName, kind, optional, defaultValue);
  }

  SourceColumn widened() {
    Object value =
        defaultValue instanceof Integer small ? (Object) small.longValue() : defaultValue;
    return new SourceColumn(name, Kind.LONG, optional, value);
  }
}
