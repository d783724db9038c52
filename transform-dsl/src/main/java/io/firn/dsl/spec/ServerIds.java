package io.firn.dsl.spec;

import io.firn.dsl.field.BadValueException;
import io.firn.dsl.field.FieldInput;

/**
 * A range of replication server ids.
 *
 * @param first the first, from 1
 * @param last the last, at least the first
 */
public record ServerIds(long first, long last) {
  private static final long MAX = 4_294_967_295L;

  static ServerIds parse(FieldInput input) throws BadValueException {
    String[] ends = input.text().split("-", -1);
    String remedy = "write a number from 1 to " + MAX + ", or a range such as 5400-5404";
    if (ends.length > 2) {
      throw new BadValueException("The server id " + input.shown() + " is not a range", remedy);
    }
    for (int i = 0; i < ends.length; i++) {
      ends[i] = ends[i].strip();
      if (!ends[i].matches("[1-9][0-9]{0,9}") || Long.parseLong(ends[i]) > MAX) {
        throw new BadValueException("The server id " + input.shown() + " is not a number", remedy);
      }
    }
    long first = Long.parseLong(ends[0]);
    long last = Long.parseLong(ends[ends.length - 1]);
    if (last < first) {
      throw new BadValueException("The server ids " + input.shown() + " are no range", remedy);
    }
    return new ServerIds(first, last);
  }

  @Override
  public String toString() {
    return first == last ? String.valueOf(first) : first + "-" + last;
  }
}
