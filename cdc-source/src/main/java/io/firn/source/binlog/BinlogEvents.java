package io.firn.source.binlog;

import com.github.luben.zstd.ZstdInputStream;
import com.github.shyiko.mysql.binlog.event.Event;
import com.github.shyiko.mysql.binlog.event.EventData;
import com.github.shyiko.mysql.binlog.event.EventHeaderV4;
import com.github.shyiko.mysql.binlog.event.GtidEventData;
import com.github.shyiko.mysql.binlog.event.MariadbGtidEventData;
import com.github.shyiko.mysql.binlog.event.RotateEventData;
import com.github.shyiko.mysql.binlog.event.deserialization.EventDeserializer.EventDataWrapper;
import com.github.shyiko.mysql.binlog.io.ByteArrayInputStream;
import io.firn.model.error.InconsistentStateException;
import io.firn.source.binlog.RawEvents.CompressedData;
import io.firn.source.binlog.RawEvents.RowsData;
import io.firn.source.ddl.LoggedStatement;
import io.firn.source.decode.ByteCursor;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/**
 * Reads binlog events one by one: finds the groups, hands rows to {@link BinlogRows} and statements
 * to {@link CaptureLog}.
 *
 * <p><b>Threading</b>: the binlog client's thread.
 */
final class BinlogEvents {
  private static final int IGNORABLE_FLAG = 0x80;
  private static final int MARIADB_STANDALONE_FLAG = 1;
  private static final int MARIADB_PREPARED_XA_FLAG = 64;
  private static final int MARIADB_COMPLETED_XA_FLAG = 128;
  private static final int PAYLOAD_END = 0;
  private static final int PAYLOAD_COMPRESSION = 2;
  private static final int ZSTD = 0;

  private final CaptureLog log;
  private final BinlogRows rows;
  private Instant commitTime = Instant.EPOCH;
  private boolean exactTime;
  private long lastOffset;
  private long lastEnd;
  private long wrapped;

  BinlogEvents(CaptureLog log, BinlogRows rows) {
    this.log = log;
    this.rows = rows;
  }

  /** Byte offset of the last event, for messages. */
  long lastOffset() {
    return lastOffset;
  }

  /** Handles one event off the wire. */
  void handle(Event event) throws InterruptedException, IOException {
    EventHeaderV4 header = event.getHeader();
    long end = end(header);
    long start = end == 0 ? 0 : end - header.getEventLength();
    handle(event, start, end, true);
    if (end != 0) {
      lastEnd = end;
    }
  }

  /**
   * @param start where the event begins; for an event inside a compressed transaction, where that
   *     begins
   * @param end where the next event begins
   * @param outer whether the event stands in the binlog itself
   */
  private void handle(Event event, long start, long end, boolean outer)
      throws InterruptedException, IOException {
    EventHeaderV4 header = event.getHeader();
    if (outer && start > 0) {
      lastOffset = start;
    }
    switch (header.getEventType()) {
      case ROTATE -> rotate(data(event), header.getTimestamp() != 0);
      case GTID -> gtid(data(event), header);
      case ANONYMOUS_GTID -> {
        exactTime = false;
        log.begin(null, false);
      }
      case MARIADB_GTID -> {
        MariadbGtidEventData data = data(event);
        time(header);
        exactTime = false;
        int flags = data.getFlags() & 0xff;
        boolean single = (flags & (MARIADB_STANDALONE_FLAG | MARIADB_COMPLETED_XA_FLAG)) != 0;
        log.begin(
            data.getDomainId() + "-" + header.getServerId() + "-" + data.getSequence(), !single);
        if ((flags & MARIADB_PREPARED_XA_FLAG) != 0) {
          log.beginTransaction(start, true);
        }
      }
      case QUERY -> {
        time(header);
        query(data(event), start, end, outer);
      }
      case TABLE_MAP -> rows.tableMap(data(event), log.file(), start);
      case WRITE_ROWS,
          EXT_WRITE_ROWS,
          UPDATE_ROWS,
          EXT_UPDATE_ROWS,
          DELETE_ROWS,
          EXT_DELETE_ROWS -> {
        time(header);
        RowsData data = data(event);
        rows.read(header.getEventType(), data.body(), start, micros());
        log.endOfRows(data.body().length);
      }
      case XID, XA_PREPARE -> {
        if (outer) {
          log.commit(end);
        }
      }
      case TRANSACTION_PAYLOAD -> {
        compressed(data(event), start, end);
        log.commit(end);
      }
      case HEARTBEAT -> log.advance(end, true);
      case INCIDENT ->
          throw new InconsistentStateException(
              "Reading the binlog at "
                  + log.file()
                  + ":"
                  + start
                  + " failed: the server reports an incident, so changes are missing from its"
                  + " binlog; start the pipeline with a new snapshot.");
      case UNKNOWN,
          PARTIAL_UPDATE_ROWS_EVENT,
          PRE_GA_WRITE_ROWS,
          PRE_GA_UPDATE_ROWS,
          PRE_GA_DELETE_ROWS ->
          unknown(header, start);
      default -> {
        if (outer && end > 0 && start > 0) {
          log.advance(end, false);
        }
      }
    }
  }

  private void rotate(RotateEventData data, boolean real) throws InterruptedException {
    wrapped = 0;
    lastOffset = 0;
    lastEnd = data.getBinlogPosition();
    log.rotate(data.getBinlogFilename(), data.getBinlogPosition(), real);
    if (real) {
      rows.forgetTables();
    }
  }

  private void gtid(GtidEventData data, EventHeaderV4 header) {
    time(header);
    long micros = data.getOriginalCommitTimestamp();
    exactTime = micros != 0;
    if (exactTime) {
      commitTime = Instant.EPOCH.plus(micros, ChronoUnit.MICROS);
    }
    log.begin(data.getMySqlGtid() == null ? null : data.getGtid(), false);
  }

  private void query(QueryData data, long start, long end, boolean outer)
      throws InterruptedException {
    String sql = data.text(log.charsets()).strip();
    if (sql.equalsIgnoreCase("BEGIN")) {
      log.beginTransaction(start, false);
    } else if (sql.regionMatches(true, 0, "XA START", 0, 8)) {
      log.beginTransaction(start, true);
    } else if (sql.regionMatches(true, 0, "XA END", 0, 6)
        || sql.regionMatches(true, 0, "SAVEPOINT", 0, 9)
        || sql.regionMatches(true, 0, "ROLLBACK TO", 0, 11)) {
      // Inside a transaction, and without meaning for what it commits.
      return;
    } else if (sql.equalsIgnoreCase("COMMIT") || sql.equalsIgnoreCase("ROLLBACK")) {
      if (outer) {
        log.commit(end);
      }
    } else {
      log.statement(new LoggedStatement(sql, data.database(), data.sqlMode()), start, commitTime);
      if (outer && !log.inTransaction()) {
        log.commit(end);
      }
    }
  }

  private void compressed(CompressedData data, long start, long end)
      throws InterruptedException, IOException {
    ByteCursor in = new ByteCursor(data.body());
    int compression = -1;
    for (int field = (int) in.packed(); field != PAYLOAD_END; field = (int) in.packed()) {
      int length = (int) in.packed();
      int next = in.position() + length;
      if (field == PAYLOAD_COMPRESSION) {
        compression = (int) in.packed();
      }
      in.seek(next);
    }
    java.io.InputStream payload =
        new java.io.ByteArrayInputStream(data.body(), in.position(), in.remaining());
    if (compression == ZSTD) {
      payload = new BufferedInputStream(new ZstdInputStream(payload), 1 << 16);
    }
    RawEvents events = new RawEvents();
    try (ByteArrayInputStream stream = new ByteArrayInputStream(payload)) {
      for (Event event = events.nextEvent(stream);
          event != null;
          event = events.nextEvent(stream)) {
        handle(event, start, end, false);
      }
    }
  }

  private void unknown(EventHeaderV4 header, long start) {
    if ((header.getFlags() & IGNORABLE_FLAG) == 0) {
      throw new InconsistentStateException(
          "Reading the binlog at "
              + log.file()
              + ":"
              + start
              + " failed: event type "
              + header.getEventType()
              + " is not supported; switch off 'binlog_row_value_options' or tagged GTIDs"
              + " ('gtid_next=AUTOMATIC:<tag>', MySQL) or 'log_bin_compress' (MariaDB), and start the"
              + " pipeline with a new snapshot.");
    }
  }

  private void time(EventHeaderV4 header) {
    // The GTID event has the commit time in microseconds; all others have seconds.
    if (!exactTime && header.getTimestamp() != 0) {
      commitTime = Instant.ofEpochMilli(header.getTimestamp());
    }
  }

  private long micros() {
    return commitTime.getEpochSecond() * 1_000_000L + commitTime.getNano() / 1_000;
  }

  /**
   * Where an event ends, as 64 bits: the binlog has 32, and one transaction may be larger. Zero for
   * events that are not in the binlog. MariaDB leaves the field empty inside transactions, where
   * one event follows the other.
   */
  private long end(EventHeaderV4 header) {
    long next = header.getNextPosition();
    if (next == 0) {
      return log.isOpen() ? lastEnd + header.getEventLength() : 0;
    }
    if (next + wrapped < lastOffset - (1L << 31)) {
      wrapped += 1L << 32;
    }
    return next + wrapped;
  }

  @SuppressWarnings("unchecked")
  private static <T extends EventData> T data(Event event) {
    EventData data = event.getData();
    return (T) (data instanceof EventDataWrapper wrapper ? wrapper.getExternal() : data);
  }
}
