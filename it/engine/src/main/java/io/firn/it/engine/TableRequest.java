package io.firn.it.engine;

/**
 * A table that an engine is asked to read.
 *
 * @param name of the result
 * @param location {@code database.table} in the catalog
 * @param snapshotId the snapshot to read, 0 for the newest
 */
public record TableRequest(String name, String location, long snapshotId) {

  /** The request in a form for a command line: {@code name=location[@snapshot]}. */
  public static TableRequest parse(String text) {
    int equals = text.indexOf('=');
    int at = text.lastIndexOf('@');
    boolean pinned = at > equals && text.substring(at + 1).chars().allMatch(Character::isDigit);
    return new TableRequest(
        text.substring(0, equals),
        text.substring(equals + 1, pinned ? at : text.length()),
        pinned ? Long.parseLong(text.substring(at + 1)) : 0);
  }

  /** Database and table, with a quote of the engine's around each. */
  public String quoted(String quote) {
    int dot = location.indexOf('.');
    return quote
        + location.substring(0, dot)
        + quote
        + "."
        + quote
        + location.substring(dot + 1)
        + quote;
  }

  /** What {@link #parse} takes. */
  @Override
  public String toString() {
    return name + "=" + location + (snapshotId == 0 ? "" : "@" + snapshotId);
  }
}
