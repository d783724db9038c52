package io.firn.source;

import io.firn.model.error.RetryableException;
import io.firn.model.schema.TableId;
import io.firn.model.source.Source;
import io.firn.model.source.SourceReader;
import io.firn.model.source.SourceState;
import io.firn.model.stream.SourcePosition;
import io.firn.source.connect.Connector;
import io.firn.source.connect.ServerStatus;
import io.firn.source.connect.TableDiscovery;
import io.firn.source.reader.MySqlSourceReader;
import io.firn.source.snapshot.SnapshotProgress;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;

/**
 * A MySQL or MariaDB server as a source of changes.
 *
 * <p><b>Threading</b>: thread-safe.
 */
public final class MySqlSource implements Source {
  private final MySqlSourceOptions options;
  private final SnapshotProgress progress = new SnapshotProgress();

  /** The source that these options describe; connects when asked to. */
  public MySqlSource(MySqlSourceOptions options) {
    this.options = options;
  }

  @Override
  public SourceReader createReader(Optional<SourceState> state) {
    return new MySqlSourceReader(options, state, progress);
  }

  @Override
  public SourcePosition currentEnd() {
    try (Connection connection = new Connector(options).open()) {
      return new ServerStatus(connection, options.flavour()).end();
    } catch (SQLException e) {
      throw unreachable("the end of its binlog", e);
    }
  }

  /** The tables that exist now and are captured, ordered by name. */
  public List<TableId> tables() {
    try (Connection connection = new Connector(options).open()) {
      return TableDiscovery.captured(connection, options.tables());
    } catch (SQLException e) {
      throw unreachable("its tables", e);
    }
  }

  /** How far the snapshot of the latest reader is. */
  public SnapshotProgress snapshotProgress() {
    return progress;
  }

  private RetryableException unreachable(String what, SQLException cause) {
    return new RetryableException(
        "Asking "
            + options.address()
            + " about "
            + what
            + " failed: "
            + cause.getMessage()
            + "; check that the server is up.",
        cause);
  }

  @Override
  public void close() {
    // Connections belong to readers and calls.
  }
}
