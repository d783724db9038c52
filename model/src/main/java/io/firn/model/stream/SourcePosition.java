package io.firn.model.stream;

import java.util.Comparator;
import java.util.Objects;

/**
 * A place in the source's change stream. Totally ordered within one server's binlog.
 *
 * <p>For changes it is the place of the change itself; in a {@link
 * io.firn.model.source.SourceState} it is the place from which reading goes on: everything before
 * it has been seen, nothing from it on.
 *
 * @param snapshot whether the place lies inside the initial snapshot: such places come before every
 *     binlog place and are ordered by {@code row}
 * @param file binlog file name, such as {@code binlog.000042}; empty inside a snapshot that has no
 *     binlog coordinates yet
 * @param offset byte offset in that file
 * @param row number of the row within the event at that offset (in a snapshot: of the row read)
 * @param gtidSet GTIDs of all transactions completed before this place; null when the server has no
 *     GTIDs or for places of single changes
 */
public record SourcePosition(boolean snapshot, String file, long offset, long row, String gtidSet)
    implements Comparable<SourcePosition> {

  private static final Comparator<SourcePosition> ORDER =
      Comparator.comparing((SourcePosition p) -> !p.snapshot)
          .thenComparingLong(p -> p.snapshot ? 0 : fileNumber(p.file))
          .thenComparingLong(p -> p.snapshot ? 0 : p.offset)
          .thenComparingLong(SourcePosition::row);

  /** Checks the ranges. */
  public SourcePosition {
    Objects.requireNonNull(file, "file");
    if (offset < 0 || row < 0) {
      throw new IllegalArgumentException("Negative position " + file + ":" + offset + ":" + row);
    }
  }

  /** A place in the binlog. */
  public static SourcePosition binlog(String file, long offset, long row, String gtidSet) {
    return new SourcePosition(false, file, offset, row, gtidSet);
  }

  /** A place in the initial snapshot, before the {@code row}-th row. */
  public static SourcePosition snapshot(long row) {
    return new SourcePosition(true, "", 0, row, null);
  }

  private static long fileNumber(String file) {
    int dot = file.lastIndexOf('.');
    try {
      return Long.parseLong(file, dot + 1, file.length(), 10);
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException("'" + file + "' is not a binlog file name", e);
    }
  }

  @Override
  public int compareTo(SourcePosition other) {
    return ORDER.compare(this, other);
  }

  /**
   * The text form kept in checkpoints and in the lake: {@code snapshot:row} or {@code
   * file:offset:row} followed by {@code ;gtidSet} where there is one.
   */
  public String encode() {
    String place = snapshot ? "snapshot:" + row : file + ":" + offset + ":" + row;
    return gtidSet == null ? place : place + ";" + gtidSet;
  }

  /**
   * Reads what {@link #encode} wrote.
   *
   * @throws IllegalArgumentException if the text is something else
   */
  public static SourcePosition parse(String text) {
    int semicolon = text.indexOf(';');
    String place = semicolon < 0 ? text : text.substring(0, semicolon);
    String gtidSet = semicolon < 0 ? null : text.substring(semicolon + 1);
    int lastColon = place.lastIndexOf(':');
    try {
      long row = Long.parseLong(place.substring(lastColon + 1));
      if (place.startsWith("snapshot:")) {
        return new SourcePosition(true, "", 0, row, gtidSet);
      }
      int middleColon = place.lastIndexOf(':', lastColon - 1);
      long offset = Long.parseLong(place.substring(middleColon + 1, lastColon));
      return new SourcePosition(false, place.substring(0, middleColon), offset, row, gtidSet);
    } catch (IndexOutOfBoundsException | NumberFormatException e) {
      throw new IllegalArgumentException("'" + text + "' is not a source position", e);
    }
  }

  @Override
  public String toString() {
    return encode();
  }
}
