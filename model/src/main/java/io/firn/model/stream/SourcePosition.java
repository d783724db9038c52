package io.firn.model.stream;

import io.firn.model.error.InconsistentStateException;
import java.util.Comparator;
import java.util.Objects;

/**
 * A place in the source's change stream.
 *
 * <p>For changes it is the place of the change itself; in a {@link
 * io.firn.model.source.SourceState} it is the place from which reading goes on: everything before
 * it has been seen, nothing from it on.
 *
 * <p><b>Order</b>: places of the same server's binlog are ordered by file, offset and row. Places
 * of different servers (after a failover) have other files, so there the GTID sets decide: a place
 * is before another if its transactions are contained in the other's. Where neither contains the
 * other, there is no order, and comparing throws.
 *
 * @param snapshot whether the place lies inside the initial snapshot: such places come before every
 *     binlog place and are ordered by {@code row}
 * @param file binlog file name, such as {@code binlog.000042}; empty inside a snapshot that has no
 *     binlog coordinates yet
 * @param offset byte offset in that file
 * @param row number of the row within the event at that offset (in a snapshot: of the row read)
 * @param gtidSet GTIDs of all transactions completed before this place; in the place of a change
 *     the GTID of its own transaction; null when the server has none
 * @param server identity of the server that the file is of; null if it is not known
 */
public record SourcePosition(
    boolean snapshot, String file, long offset, long row, String gtidSet, String server)
    implements Comparable<SourcePosition> {

  private static final Comparator<SourcePosition> BY_FILE =
      Comparator.comparingLong((SourcePosition p) -> fileNumber(p.file))
          .thenComparingLong(SourcePosition::offset)
          .thenComparingLong(SourcePosition::row);

  /** Checks the ranges. */
  public SourcePosition {
    Objects.requireNonNull(file, "file");
    if (offset < 0 || row < 0) {
      throw new IllegalArgumentException("Negative position " + file + ":" + offset + ":" + row);
    }
  }

  /** A place in the binlog of a server that is not known. */
  public static SourcePosition binlog(String file, long offset, long row, String gtidSet) {
    return new SourcePosition(false, file, offset, row, gtidSet, null);
  }

  /** A place in the initial snapshot, before the {@code row}-th row. */
  public static SourcePosition snapshot(long row) {
    return new SourcePosition(true, "", 0, row, null, null);
  }

  /** The same place, known to be of this server; a semicolon would spoil the text form. */
  public SourcePosition onServer(String identity) {
    if (identity.isEmpty() || identity.indexOf(';') >= 0) {
      throw new IllegalArgumentException("'" + identity + "' is not the identity of a server");
    }
    return new SourcePosition(snapshot, file, offset, row, gtidSet, identity);
  }

  private static long fileNumber(String file) {
    int dot = file.lastIndexOf('.');
    try {
      return Long.parseLong(file, dot + 1, file.length(), 10);
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException("'" + file + "' is not a binlog file name", e);
    }
  }

  /** Whether files and offsets of both are of one sequence: of the same server and base name. */
  public boolean sameLog(SourcePosition other) {
    return !snapshot
        && !other.snapshot
        && Objects.equals(server, other.server)
        && sameBaseName(other);
  }

  private boolean sameBaseName(SourcePosition other) {
    int dot = file.lastIndexOf('.');
    return file.equals(other.file)
        || dot == other.file.lastIndexOf('.') && file.regionMatches(0, other.file, 0, dot + 1);
  }

  /**
   * {@inheritDoc}
   *
   * @throws InconsistentStateException if there is no order between the two, see above
   */
  @Override
  public int compareTo(SourcePosition other) {
    if (snapshot || other.snapshot) {
      return snapshot && other.snapshot
          ? Long.compare(row, other.row)
          : Boolean.compare(other.snapshot, snapshot);
    }
    if (comparableByFile(other)) {
      return BY_FILE.compare(this, other);
    }
    GtidSet here = GtidSet.parse(gtidSet);
    GtidSet there = GtidSet.parse(other.gtidSet);
    boolean contains = here.containsAll(there);
    boolean contained = there.containsAll(here);
    if (!contains && !contained) {
      throw incomparable(
          other,
          "the first has the transactions '"
              + here.minus(there)
              + "' that the second lacks, and the second has '"
              + there.minus(here)
              + "' that the first lacks, so the servers went different ways");
    }
    return contains ? contained ? 0 : 1 : -1;
  }

  /**
   * Whether everything before another place is before this one too. Where there is no order because
   * each side has transactions of its own, the answer is no.
   */
  public boolean reaches(SourcePosition other) {
    if (snapshot || other.snapshot || comparableByFile(other)) {
      return compareTo(other) >= 0;
    }
    return GtidSet.parse(gtidSet).containsAll(GtidSet.parse(other.gtidSet));
  }

  private boolean comparableByFile(SourcePosition other) {
    if (sameLog(other)) {
      return true;
    }
    if (gtidSet != null && other.gtidSet != null) {
      return false;
    }
    // Positions written before servers had identities are taken for what they were taken for then.
    if ((server == null || other.server == null) && sameBaseName(other)) {
      return true;
    }
    throw incomparable(
        other, "they are of different binlogs and have no GTIDs; switch on 'gtid_mode'");
  }

  private InconsistentStateException incomparable(SourcePosition other, String why) {
    return new InconsistentStateException(
        "Comparing source positions '"
            + encode()
            + "' and '"
            + other.encode()
            + "' failed: "
            + why
            + "; connect to the server that was read before, or start the pipeline with a new"
            + " snapshot.");
  }

  /** The place without its transactions and its server, {@code file:offset:row}. */
  public String place() {
    return snapshot ? "snapshot:" + row : file + ":" + offset + ":" + row;
  }

  /**
   * The text form kept in checkpoints and in the lake: {@code snapshot:row} or {@code
   * file:offset:row} followed by {@code ;gtidSet} where there is one, and by {@code ;server} (then
   * the GTID set may be empty) where that is known.
   */
  public String encode() {
    String text = gtidSet == null ? place() : place() + ";" + gtidSet;
    if (server == null) {
      return text;
    }
    return text + (gtidSet == null ? ";;" : ";") + server;
  }

  /**
   * Reads what {@link #encode} wrote.
   *
   * @throws IllegalArgumentException if the text is something else
   */
  public static SourcePosition parse(String text) {
    String[] parts = text.split(";", 3);
    String place = parts[0];
    String gtidSet = parts.length < 2 || parts.length > 2 && parts[1].isEmpty() ? null : parts[1];
    String server = parts.length < 3 ? null : parts[2];
    int lastColon = place.lastIndexOf(':');
    try {
      long row = Long.parseLong(place.substring(lastColon + 1));
      if (place.startsWith("snapshot:")) {
        return new SourcePosition(true, "", 0, row, gtidSet, server);
      }
      int middleColon = place.lastIndexOf(':', lastColon - 1);
      long offset = Long.parseLong(place.substring(middleColon + 1, lastColon));
      return new SourcePosition(
          false, place.substring(0, middleColon), offset, row, gtidSet, server);
    } catch (IndexOutOfBoundsException | IllegalArgumentException e) {
      throw new IllegalArgumentException("'" + text + "' is not a source position", e);
    }
  }

  @Override
  public String toString() {
    return encode();
  }
}
