package io.firn.source.binlog;

import com.github.shyiko.mysql.binlog.event.Event;
import com.github.shyiko.mysql.binlog.event.deserialization.EventDataDeserializationException;
import com.github.shyiko.mysql.binlog.network.AuthenticationException;
import com.github.shyiko.mysql.binlog.network.ServerException;
import io.firn.model.error.ConfigurationException;
import io.firn.model.error.FirnException;
import io.firn.model.error.InconsistentStateException;
import io.firn.model.error.PositionLostException;
import io.firn.model.error.RetryableException;
import io.firn.model.schema.TableId;
import io.firn.model.stream.SourcePosition;
import io.firn.source.Flavour;
import io.firn.source.connect.TlsFailures;
import io.firn.source.ddl.TableCatalog;
import io.firn.source.reader.CaptureQueue;
import java.io.EOFException;
import java.io.IOException;
import java.net.SocketException;
import java.sql.SQLException;
import java.util.Optional;
import java.util.concurrent.TimeoutException;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where the two flavours of Debezium's streaming source lead their events: into the queue, and
 * their failures too.
 *
 * <p><b>Threading</b>: events and failures come from the binlog client's thread.
 */
final class BinlogTap {
  private static final Logger LOG = LoggerFactory.getLogger(BinlogTap.class);
  private static final int FATAL_READING_BINLOG = 1236;

  private final Flavour flavour;
  private final TableCatalog catalog;
  private final Predicate<TableId> captured;
  private final CaptureQueue queue;
  private final SourcePosition start;
  private final String address;
  private final String server;
  private CaptureLog log;
  private BinlogEvents events;
  private boolean stopped;
  private volatile long lastEventNanos = System.nanoTime();

  BinlogTap(
      Flavour flavour,
      TableCatalog catalog,
      Predicate<TableId> captured,
      CaptureQueue queue,
      SourcePosition start,
      String address,
      String server) {
    this.flavour = flavour;
    this.catalog = catalog;
    this.captured = captured;
    this.queue = queue;
    this.start = start;
    this.address = address;
    this.server = server;
  }

  /** The set of GTIDs that the connection starts from; may be empty. */
  void begin(String gtidSet) {
    log = new CaptureLog(catalog, queue, GtidSets.parse(flavour, gtidSet), start, server);
    events = new BinlogEvents(log, new BinlogRows(catalog, captured, log));
  }

  /** When the last event arrived, by {@link System#nanoTime}. */
  long lastEventNanos() {
    return lastEventNanos;
  }

  void handle(Event event) {
    if (stopped || event == null) {
      return;
    }
    if (events == null) {
      begin(start.gtidSet() == null ? "" : start.gtidSet());
    }
    lastEventNanos = System.nanoTime();
    try {
      events.handle(event);
    } catch (InterruptedException e) {
      stopped = true;
      Thread.currentThread().interrupt();
    } catch (IOException | RuntimeException e) {
      stopped = true;
      queue.fail(log.failure(e, events.lastOffset()));
    }
    // Waiting for the consumer is not silence of the server.
    lastEventNanos = System.nanoTime();
  }

  /** The connection failed. */
  void lost(Throwable cause) {
    LOG.debug("The binlog connection to {} failed", address, cause);
    queue.fail(translate(cause));
  }

  private RuntimeException translate(Throwable failure) {
    for (Throwable t = failure; t != null; t = t.getCause()) {
      if (t instanceof FirnException known) {
        return known;
      }
      if (t instanceof AuthenticationException) {
        return new ConfigurationException(
            "Reading the binlog of "
                + address
                + " failed: the server refused the user; check 'username' and 'password' of the"
                + " source.",
            failure);
      }
      if (t instanceof ServerException server && server.getErrorCode() == FATAL_READING_BINLOG) {
        return positionLost(server, failure);
      }
    }
    Optional<ConfigurationException> tls = TlsFailures.of(failure, address);
    if (tls.isPresent()) {
      return tls.get();
    }
    String what = "Reading the binlog of " + address + " failed: " + message(failure);
    return isConnectionFailure(failure)
        ? new RetryableException(
            what + "; the connection is made anew from the last checkpoint.", failure)
        : new InconsistentStateException(
            what + "; if it happens again at the same place, report it.", failure);
  }

  /** Whether the connection is to blame, and not what came over it. */
  private static boolean isConnectionFailure(Throwable failure) {
    for (Throwable t = failure; t != null; t = t.getCause()) {
      if (t instanceof EventDataDeserializationException) {
        return t.getCause() instanceof EOFException || t.getCause() instanceof SocketException;
      }
      if (t instanceof IOException || t instanceof SQLException || t instanceof TimeoutException) {
        return true;
      }
    }
    return false;
  }

  private RuntimeException positionLost(ServerException server, Throwable failure) {
    String message = server.getMessage() == null ? "" : server.getMessage();
    if (message.contains("server_uuid/server_id") || message.contains("same server")) {
      return new RetryableException(
          "Reading the binlog of "
              + address
              + " failed: another replica uses the same server id; give this pipeline its own"
              + " 'server-id'.",
          failure);
    }
    return new PositionLostException(
        "Reading the binlog of "
            + address
            + " from '"
            + start.encode()
            + "' failed: the server says '"
            + message
            + "'; start the pipeline with a new snapshot.",
        failure);
  }

  private static String message(Throwable failure) {
    Throwable cause = failure;
    while (cause.getCause() != null && cause.getCause() != cause) {
      cause = cause.getCause();
    }
    return cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage();
  }
}
