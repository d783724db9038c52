package io.firn.source.binlog;

import io.firn.model.error.FirnException;
import io.firn.model.error.InconsistentStateException;
import io.firn.model.error.UnsupportedChangeException;
import io.firn.model.row.RowChange;
import io.firn.model.schema.TableId;
import io.firn.model.stream.SchemaChange;
import io.firn.model.stream.SourcePosition;
import io.firn.source.ddl.LoggedStatement;
import io.firn.source.ddl.TableCatalog;
import io.firn.source.reader.Boundary;
import io.firn.source.reader.CaptureQueue;
import io.firn.source.type.Charsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Follows the binlog's groups (transactions and single statements) and passes on what concerns
 * captured tables.
 *
 * <p><b>Invariants</b>: a boundary is only reported between groups; positions of boundaries never
 * decrease within one server's files, although the server repeats the beginning of a file when it
 * is asked for GTIDs.
 *
 * <p><b>Threading</b>: the binlog client's thread.
 */
final class CaptureLog {
  private static final int MAX_PENDING_ROWS = 1_024;
  private static final long MAX_PENDING_BYTES = 4L << 20;
  private static final long IDLE_BOUNDARY_NANOS = 100_000_000L;

  private final TableCatalog catalog;
  private final CaptureQueue queue;
  private final GtidSets gtids;
  private final String server;

  private String file;
  private SourcePosition lastBoundary;
  private Map<TableId, String> descriptions;
  private List<RowChange> pending = new ArrayList<>();
  private long pendingBytes;
  private long lastBoundaryNanos;
  private boolean unreported;

  // The open group.
  private boolean open;
  private boolean explicit;
  private boolean distributed;
  private String gtid;
  private String transactionId;

  /**
   * @param gtids the transactions completed before {@code start}
   * @param start where reading goes on; may be a place of another server, left in a failover
   * @param server identity of the server that is read
   */
  CaptureLog(
      TableCatalog catalog,
      CaptureQueue queue,
      GtidSets gtids,
      SourcePosition start,
      String server) {
    this.catalog = catalog;
    this.queue = queue;
    this.gtids = gtids;
    this.server = server;
    this.file = start.file();
    this.lastBoundary = start;
    this.descriptions = Map.copyOf(catalog.descriptions());
  }

  /** The character sets of the server. */
  Charsets charsets() {
    return catalog.charsets();
  }

  /** The binlog file being read. */
  String file() {
    return file;
  }

  /** The place of a change in the open group. */
  SourcePosition position(long offset, long row) {
    return new SourcePosition(false, file, offset, row, gtid, server);
  }

  /** Goes on in a file; a real end of file is a boundary. */
  void rotate(String newFile, long offset, boolean real) throws InterruptedException {
    file = newFile;
    if (real && !open) {
      boundary(offset, false);
    }
  }

  /** A group begins with its GTID; null when the server has none. */
  void begin(String groupGtid, boolean willCommit) {
    open = true;
    explicit = willCommit;
    distributed = false;
    gtid = groupGtid;
    transactionId = groupGtid;
  }

  /** The transaction proper begins, at a place that names it where there is no GTID. */
  void beginTransaction(long offset, boolean xa) {
    open = true;
    explicit = true;
    distributed = xa;
    if (transactionId == null) {
      transactionId = file + ":" + offset;
    }
  }

  /** The group is complete; the next one begins at {@code end}. */
  void commit(long end) throws InterruptedException {
    if (gtid != null) {
      gtids.add(gtid);
    }
    open = false;
    explicit = false;
    gtid = null;
    transactionId = null;
    boundary(end, !pending.isEmpty());
  }

  /** Whether a group is open. */
  boolean isOpen() {
    return open;
  }

  /** Whether a transaction is open that a later event will end. */
  boolean inTransaction() {
    return open && explicit;
  }

  /** The server has passed a place outside of groups: end of file header, heartbeat, ... */
  void advance(long end, boolean idle) throws InterruptedException {
    if (!open) {
      boundary(end, idle);
    }
  }

  /** A statement other than BEGIN and COMMIT. */
  void statement(LoggedStatement statement, long offset, Instant time) throws InterruptedException {
    List<SchemaChange> changes = catalog.apply(statement, position(offset, 0), time);
    if (changes.isEmpty()) {
      return;
    }
    flush(null);
    for (SchemaChange change : changes) {
      queue.put(change);
    }
    descriptions = Map.copyOf(catalog.descriptions());
    unreported = true;
  }

  /** Adds a change of a captured table. */
  void add(RowChange change) {
    if (distributed) {
      throw new UnsupportedChangeException(
          "Reading the binlog at "
              + file
              + " failed: an XA transaction changes a captured table, and the binlog has its rows"
              + " before it is known whether they are committed; use ordinary transactions for"
              + " captured tables, or exclude them.");
    }
    pending.add(change);
  }

  /** After each row event: keeps memory bounded in large transactions. */
  void endOfRows(long size) throws InterruptedException {
    pendingBytes += size;
    if (pending.size() >= MAX_PENDING_ROWS || pendingBytes >= MAX_PENDING_BYTES) {
      flush(null);
    }
  }

  String transactionId() {
    return transactionId;
  }

  private void flush(Boundary after) throws InterruptedException {
    if (!pending.isEmpty()) {
      queue.put(pending, pendingBytes, after);
      pending = new ArrayList<>();
      pendingBytes = 0;
      unreported = after == null;
    }
  }

  private void boundary(long offset, boolean due) throws InterruptedException {
    SourcePosition place = new SourcePosition(false, file, offset, 0, null, server);
    boolean hasRows = !pending.isEmpty();
    if (!hasRows && place.sameLog(lastBoundary) && place.compareTo(lastBoundary) < 0) {
      return;
    }
    long now = System.nanoTime();
    if (!hasRows && !unreported && !due && now - lastBoundaryNanos < IDLE_BOUNDARY_NANOS) {
      return;
    }
    Boundary boundary =
        new Boundary(
            new SourcePosition(false, file, offset, 0, gtids.text(), server), true, descriptions);
    if (hasRows) {
      flush(boundary);
    } else {
      queue.put(boundary);
    }
    unreported = false;
    lastBoundary = boundary.position();
    lastBoundaryNanos = now;
  }

  /** A failure with the place where it happened. */
  RuntimeException failure(Throwable cause, long offset) {
    for (Throwable t = cause; t != null; t = t.getCause()) {
      if (t instanceof FirnException known) {
        return known;
      }
    }
    return new InconsistentStateException(
        "Reading the binlog at "
            + file
            + ":"
            + offset
            + " failed: "
            + cause.getMessage()
            + "; if it happens again at the same place, exclude the table or report it.",
        cause);
  }
}
