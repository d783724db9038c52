package io.firn.source.snapshot;

import io.firn.model.error.ConfigurationException;
import io.firn.model.error.RetryableException;
import io.firn.model.error.UnsupportedChangeException;
import io.firn.model.row.Operation;
import io.firn.model.row.RowChange;
import io.firn.model.schema.TableId;
import io.firn.model.stream.SchemaChange;
import io.firn.model.stream.SourcePosition;
import io.firn.source.Flavour;
import io.firn.source.MySqlSourceOptions;
import io.firn.source.connect.Connector;
import io.firn.source.connect.Names;
import io.firn.source.connect.ServerStatus;
import io.firn.source.connect.TableDiscovery;
import io.firn.source.ddl.TableCatalog;
import io.firn.source.decode.ValueException;
import io.firn.source.reader.Boundary;
import io.firn.source.reader.CaptureQueue;
import io.firn.source.table.TableDefinition;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.StringJoiner;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The initial snapshot: every captured table as of one place in the binlog.
 *
 * <p>Two connections make it consistent. One locks the captured tables against writing, which waits
 * for transactions that write to them; meanwhile the other begins a transaction with a consistent
 * view and reads the binlog's end. Then the locks go, after milliseconds, and the view is read for
 * as long as it takes. Tables of engines without such views are read while writers go on; see the
 * preflight's warning.
 *
 * <p><b>Threading</b>: {@link #prepare} and {@link #read} belong to one thread after another;
 * {@link #close} may be called from others.
 */
public final class SnapshotReader implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(SnapshotReader.class);
  private static final int BATCH_ROWS = 1_024;
  private static final long BATCH_BYTES = 4L << 20;
  private static final int LOCK_WAIT_SECONDS = 60;
  private static final long LEAST_SILENCE_MILLIS = 10_000;
  private static final int MAX_ATTEMPTS = 10;
  private static final int TABLE_DEFINITION_CHANGED = 1412;
  private static final int LOCK_WAIT_TIMEOUT = 1205;
  private static final List<Integer> PRIVILEGE_MISSING = List.of(1044, 1045, 1142, 1227);

  private final MySqlSourceOptions options;
  private final TableCatalog catalog;
  private final CaptureQueue queue;
  private final SnapshotProgress progress;
  private final Connection connection;
  private SourcePosition position;
  private long takenMicros;
  private long row;

  /** A snapshot into a queue; connects at once. */
  public SnapshotReader(
      MySqlSourceOptions options,
      TableCatalog catalog,
      CaptureQueue queue,
      SnapshotProgress progress) {
    this.options = options;
    this.catalog = catalog;
    this.queue = queue;
    this.progress = progress;
    this.connection = new Connector(options).open();
  }

  /**
   * Fixes the snapshot's place in the binlog and reads the definitions of the captured tables into
   * the catalog.
   */
  public void prepare() {
    for (int attempt = 1; !tryPrepare(); attempt++) {
      if (attempt == MAX_ATTEMPTS) {
        throw new RetryableException(
            "Starting the snapshot failed: captured tables kept being created meanwhile; the snapshot"
                + " starts again.",
            null);
      }
      LOG.info("Captured tables were created while the snapshot began; it begins again");
    }
  }

  /**
   * Whether it worked. A table that is created after the list of tables was made and before the
   * view is opened is neither in the list nor in the binlog from there on; the second list shows
   * it.
   */
  private boolean tryPrepare() {
    try (Connection locks = new Connector(options).open()) {
      List<TableId> tables = TableDiscovery.captured(locks, options.tables());
      if (tables.isEmpty()) {
        throw new ConfigurationException(
            "Starting the snapshot failed: 'tables' matches no table on "
                + options.address()
                + "; check the patterns.");
      }
      lock(locks, tables);
      long locked = System.nanoTime();
      try (Statement statement = connection.createStatement()) {
        statement.execute("SET SESSION TRANSACTION ISOLATION LEVEL REPEATABLE READ");
        statement.execute("START TRANSACTION WITH CONSISTENT SNAPSHOT");
        position = new ServerStatus(connection, options.flavour()).end();
        takenMicros = serverMicros(statement);
        if (!tables.containsAll(TableDiscovery.captured(locks, options.tables()))) {
          statement.execute("ROLLBACK");
          return false;
        }
        for (TableId table : tables) {
          catalog.define(table, createStatement(statement, table));
        }
      }
      try (Statement statement = locks.createStatement()) {
        statement.execute("UNLOCK TABLES");
      }
      LOG.info(
          "Snapshot of {} tables at {}; they were locked for {} ms",
          tables.size(),
          position,
          (System.nanoTime() - locked) / 1_000_000);
      progress.start(estimates(tables));
      return true;
    } catch (SQLException e) {
      throw failure("the snapshot", e);
    }
  }

  /** The server's clock, by which it also logs changes; in microseconds since 1970 UTC. */
  private static long serverMicros(Statement statement) throws SQLException {
    try (ResultSet rows =
        statement.executeQuery(
            "SELECT TIMESTAMPDIFF(MICROSECOND, '1970-01-01 00:00:00', UTC_TIMESTAMP(6))")) {
      rows.next();
      return rows.getLong(1);
    }
  }

  private void lock(Connection locks, List<TableId> tables) throws SQLException {
    StringJoiner list = new StringJoiner(", ");
    tables.forEach(table -> list.add(Names.quote(table) + " READ"));
    try (Statement statement = locks.createStatement()) {
      statement.execute("SET SESSION lock_wait_timeout = " + LOCK_WAIT_SECONDS);
      try {
        statement.execute("LOCK TABLES " + list);
      } catch (SQLException e) {
        if (!PRIVILEGE_MISSING.contains(e.getErrorCode())) {
          throw e;
        }
        lockEverything(statement, e);
      }
    }
  }

  private void lockEverything(Statement statement, SQLException first) throws SQLException {
    try {
      statement.execute("FLUSH TABLES WITH READ LOCK");
    } catch (SQLException e) {
      if (!PRIVILEGE_MISSING.contains(e.getErrorCode())) {
        throw e;
      }
      throw new ConfigurationException(
          "Starting the snapshot failed: user '"
              + options.username()
              + "' may not lock the captured tables; grant it LOCK TABLES on their databases, or"
              + " RELOAD.",
          first);
    }
  }

  private static String createStatement(Statement statement, TableId table) throws SQLException {
    try (ResultSet rows = statement.executeQuery("SHOW CREATE TABLE " + Names.quote(table))) {
      rows.next();
      return rows.getString(2);
    }
  }

  private Map<TableId, Long> estimates(List<TableId> tables) throws SQLException {
    Map<TableId, Long> all = new LinkedHashMap<>();
    tables.forEach(table -> all.put(table, 0L));
    try (Statement statement = connection.createStatement();
        ResultSet rows =
            statement.executeQuery(
                "SELECT TABLE_SCHEMA, TABLE_NAME, TABLE_ROWS FROM information_schema.TABLES"
                    + " WHERE TABLE_TYPE = 'BASE TABLE'")) {
      while (rows.next()) {
        TableId id = new TableId(rows.getString(1), rows.getString(2));
        all.computeIfPresent(id, (key, none) -> estimate(rows));
      }
    }
    return all;
  }

  private static long estimate(ResultSet rows) {
    try {
      return rows.getLong(3);
    } catch (SQLException e) {
      return 0L; // only the progress bar suffers
    }
  }

  /** The place in the binlog that the snapshot shows. */
  public SourcePosition position() {
    return position;
  }

  /** Reads all tables into the queue; a boundary behind the last row says that it is complete. */
  public void read() throws InterruptedException {
    Map<TableId, String> descriptions = Map.copyOf(catalog.descriptions());
    for (TableDefinition definition : catalog.all()) {
      try {
        read(definition, descriptions);
      } catch (SQLException e) {
        throw failure("table " + definition.table(), e);
      } catch (ValueException e) {
        throw new UnsupportedChangeException(
            "Reading table " + definition.table() + " failed: " + e.getMessage() + ".", e);
      }
      progress.finish(definition.table());
    }
    close();
    queue.put(new Boundary(position, true, descriptions));
  }

  private void read(TableDefinition definition, Map<TableId, String> descriptions)
      throws SQLException, InterruptedException {
    RowReader reader = new RowReader(options.flavour(), definition);
    // Rows come without a pause; a server that sends none for so long is gone.
    long silenceMillis = Math.max(2 * options.connectTimeout().toMillis(), LEAST_SILENCE_MILLIS);
    connection.setNetworkTimeout(Runnable::run, Math.toIntExact(silenceMillis));
    String query = "SELECT " + reader.columns() + " FROM " + Names.quote(definition.table());
    List<RowChange> batch = new ArrayList<>(BATCH_ROWS);
    long bytes = 0;
    try (StreamingQuery result = new StreamingQuery(connection, options.flavour(), query)) {
      ResultSet rows = result.rows();
      while (rows.next()) {
        batch.add(
            new RowChange(
                definition.schema(),
                Operation.READ,
                null,
                reader.read(rows),
                new RowChange.Meta(SourcePosition.snapshot(row++), null, 0)));
        bytes += reader.takeBytesRead();
        if (batch.size() >= BATCH_ROWS || bytes >= BATCH_BYTES) {
          put(definition.table(), batch, bytes, descriptions);
          batch = new ArrayList<>(BATCH_ROWS);
          bytes = 0;
        }
      }
    }
    if (!batch.isEmpty()) {
      put(definition.table(), batch, bytes, descriptions);
    }
  }

  private void put(
      TableId table, List<RowChange> batch, long bytes, Map<TableId, String> descriptions)
      throws InterruptedException {
    progress.add(table, batch.size());
    queue.put(batch, bytes, new Boundary(SourcePosition.snapshot(row), false, descriptions));
  }

  /** What comes before the rows: every table, created and emptied. */
  public void announce() throws InterruptedException {
    for (TableDefinition definition : catalog.all()) {
      SchemaChange.Origin origin =
          new SchemaChange.Origin(
              definition.table(),
              SourcePosition.snapshot(0),
              "",
              definition.description(),
              takenMicros);
      queue.put(new SchemaChange.CreateTable(definition.schema(), origin));
      queue.put(new SchemaChange.TruncateTable(definition.schema(), origin));
    }
    queue.put(new Boundary(SourcePosition.snapshot(0), false, Map.copyOf(catalog.descriptions())));
  }

  private RuntimeException failure(String what, SQLException e) {
    String reason =
        switch (e.getErrorCode()) {
          case TABLE_DEFINITION_CHANGED -> "its definition changed meanwhile";
          case LOCK_WAIT_TIMEOUT ->
              "a captured table could not be locked within "
                  + LOCK_WAIT_SECONDS
                  + " s because of a long transaction";
          default -> e.getMessage();
        };
    return new RetryableException(
        "Reading " + what + " failed: " + reason + "; the snapshot starts again.", e);
  }

  @Override
  public void close() {
    try {
      if (options.flavour() == Flavour.MYSQL) {
        connection.abort(Runnable::run); // does not read the rest of a result
      } else {
        connection.close();
      }
    } catch (SQLException e) {
      LOG.debug("Closing the snapshot's connection failed", e);
    }
  }
}
