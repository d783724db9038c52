package io.firn.source.reader;

import io.firn.model.error.FirnException;
import io.firn.model.error.InconsistentStateException;
import io.firn.model.error.RetryableException;
import io.firn.model.schema.TableId;
import io.firn.model.source.SourceReader;
import io.firn.model.source.SourceState;
import io.firn.model.stream.SchemaChange;
import io.firn.model.stream.SourcePosition;
import io.firn.source.MySqlSourceOptions;
import io.firn.source.binlog.BinlogStream;
import io.firn.source.connect.BinlogAvailability;
import io.firn.source.connect.Connector;
import io.firn.source.connect.ServerIdentity;
import io.firn.source.connect.ServerStatus;
import io.firn.source.ddl.TableCatalog;
import io.firn.source.snapshot.SnapshotProgress;
import io.firn.source.snapshot.SnapshotReader;
import io.firn.source.table.TableDefinition;
import io.firn.source.type.ColumnTypes;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads a MySQL or MariaDB server: first the snapshot, if it is not complete yet, then the binlog.
 *
 * <p><b>Threading</b>: as the contract says; a thread of its own captures and fills a queue, from
 * which {@link #poll} takes.
 */
public final class MySqlSourceReader implements SourceReader {
  private static final Logger LOG = LoggerFactory.getLogger(MySqlSourceReader.class);
  private static final long POLL_MILLIS = 5;
  private static final long GRACE_MILLIS = 1_000;
  private static final long JOIN_MILLIS = 2_000;

  private final MySqlSourceOptions options;
  private final Optional<SourceState> state;
  private final SnapshotProgress progress;
  private final CaptureQueue queue = new CaptureQueue();
  private final Duration silenceLimit;
  private volatile SnapshotReader snapshot;
  private volatile BinlogStream stream;
  private volatile Thread thread;
  private volatile ServerIdentity server;
  private volatile boolean closed;

  /**
   * @param state where to go on; the snapshot starts anew if there is none or if it is not complete
   * @param progress where the snapshot reports to
   */
  public MySqlSourceReader(
      MySqlSourceOptions options, Optional<SourceState> state, SnapshotProgress progress) {
    this.options = options;
    this.state = state;
    this.progress = progress;
    Duration manyHeartbeats = options.heartbeatInterval().multipliedBy(20);
    Duration timeout = options.connectTimeout();
    this.silenceLimit = manyHeartbeats.compareTo(timeout) > 0 ? manyHeartbeats : timeout;
  }

  @Override
  public void open() {
    try {
      TableCatalog catalog = catalog();
      stream = new BinlogStream(options, catalog, options.tables(), queue);
      Optional<SourceState> completed = state.filter(SourceState::snapshotCompleted);
      SourcePosition start;
      if (completed.isPresent()) {
        start = position(completed.get());
        restore(catalog, completed.get(), start);
      } else {
        SnapshotReader reader = new SnapshotReader(options, catalog, queue, progress);
        snapshot = reader;
        reader.prepare();
        reader.announce();
        start = reader.position();
      }
      Thread capture = new Thread(() -> capture(start), "firn-capture-" + options.address());
      capture.setDaemon(true);
      thread = capture;
      capture.start();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new RetryableException("Opening the source was interrupted; start it again.", e);
    }
  }

  private TableCatalog catalog() {
    try (Connection connection = new Connector(options).open()) {
      ServerStatus status = new ServerStatus(connection, options.flavour());
      server = status.identity();
      status.requirePlainGtids();
      boolean lowerCaseNames = status.lowerCaseNames();
      if (state.isPresent() && state.get().snapshotCompleted()) {
        new BinlogAvailability(status, options.flavour()).check(position(state.get()));
      }
      return new TableCatalog(
          options.flavour(),
          new ColumnTypes(options.types()),
          options.tables(),
          lowerCaseNames,
          options.serverTimeZone(),
          status.databaseCharsets());
    } catch (SQLException e) {
      throw new RetryableException(
          "Asking "
              + options.address()
              + " about its binlog failed: "
              + e.getMessage()
              + "; check that the server is up and that the user has REPLICATION CLIENT.",
          e);
    }
  }

  /** The offset holds the position too; the one recovered from the lake has no offset. */
  private static SourcePosition position(SourceState state) {
    return state.offset().isEmpty() ? state.position() : SourcePosition.parse(state.offset());
  }

  private void restore(TableCatalog catalog, SourceState from, SourcePosition start)
      throws InterruptedException {
    Map<TableId, String> ordered = new TreeMap<>(from.tableSchemas());
    for (Map.Entry<TableId, String> entry : ordered.entrySet()) {
      if (!options.tables().test(entry.getKey())) {
        LOG.info("Table {} is not captured any more", entry.getKey());
        continue;
      }
      Optional<TableDefinition> restored = catalog.restore(entry.getKey(), entry.getValue());
      if (restored.isEmpty()) {
        continue; // dropped
      }
      TableDefinition definition = restored.get();
      queue.put(
          new SchemaChange.CreateTable(
              definition.schema(),
              new SchemaChange.Origin(definition.table(), start, "", definition.description())));
    }
    queue.put(new Boundary(start, true, Map.copyOf(catalog.descriptions())));
  }

  private void capture(SourcePosition start) {
    try {
      SnapshotReader reader = snapshot;
      if (reader != null) {
        reader.read();
      }
      stream.run(start, server);
    } catch (InterruptedException e) {
      LOG.debug("Capturing was stopped");
    } catch (FirnException e) {
      queue.fail(e);
    } catch (RuntimeException e) {
      if (!closed) {
        queue.fail(
            new InconsistentStateException(
                "Capturing from " + options.address() + " failed: " + e.getMessage() + ".", e));
      }
    }
  }

  @Override
  public Batch poll(boolean boundaryWanted) {
    Batch batch = queue.poll(boundaryWanted, POLL_MILLIS);
    if (batch == Batch.EMPTY) {
      stream.checkAlive(silenceLimit);
    }
    return batch;
  }

  @Override
  public void close() {
    closed = true;
    queue.close();
    if (stream != null) {
      stream.stop();
    }
    if (snapshot != null) {
      snapshot.close();
    }
    Thread capture = thread;
    if (capture != null) {
      try {
        // Debezium looks every tenth of a second; an interrupt would disturb its farewell.
        capture.join(GRACE_MILLIS);
        capture.interrupt();
        capture.join(JOIN_MILLIS);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
