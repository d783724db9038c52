package io.firn.model.schema;

import java.util.Objects;

/**
 * The two-part name of a table: a database (in the lake: a namespace) and a table in it.
 *
 * @param database the database or namespace; any characters except NUL, not empty
 * @param name the table's own name; any characters except NUL, not empty
 */
public record TableId(String database, String name) implements Comparable<TableId> {

  /** Checks that both parts can be names at all. */
  public TableId {
    check(database, "database");
    check(name, "table");
  }

  private static void check(String part, String what) {
    Objects.requireNonNull(part, what);
    if (part.isEmpty() || part.indexOf('\0') >= 0) {
      throw new IllegalArgumentException("A " + what + " name must not be empty or contain NUL");
    }
  }

  @Override
  public int compareTo(TableId other) {
    int byDatabase = database.compareTo(other.database);
    return byDatabase != 0 ? byDatabase : name.compareTo(other.name);
  }

  /** {@code database.name}, for people; not meant to be parsed. */
  @Override
  public String toString() {
    return database + "." + name;
  }
}
