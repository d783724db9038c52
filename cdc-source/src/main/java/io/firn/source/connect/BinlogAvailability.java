package io.firn.source.connect;

import io.firn.model.error.PositionLostException;
import io.firn.model.stream.SourcePosition;
import io.firn.source.Flavour;
import io.firn.source.Texts;
import java.sql.SQLException;
import java.util.List;

/** Finds out whether a server still has the changes after a position. */
public final class BinlogAvailability {
  private final ServerStatus status;
  private final Flavour flavour;

  /** Asks this server. */
  public BinlogAvailability(ServerStatus status, Flavour flavour) {
    this.status = status;
    this.flavour = flavour;
  }

  /**
   * Checks that reading can go on from a position.
   *
   * @throws PositionLostException if something after it is gone, naming what
   */
  public void check(SourcePosition position) throws SQLException {
    if (position.gtidSet() != null && flavour == Flavour.MYSQL && gtidMode()) {
      checkGtids(position);
    } else {
      checkFile(position);
    }
  }

  private boolean gtidMode() throws SQLException {
    return "ON".equalsIgnoreCase(status.variable("gtid_mode"));
  }

  private void checkGtids(SourcePosition position) throws SQLException {
    String missing =
        ServerStatus.normalGtids(
            status.value(
                "SELECT GTID_SUBTRACT(@@GLOBAL.gtid_purged, '" + position.gtidSet() + "')"));
    if (missing != null) {
      throw new PositionLostException(
          "Going on from '"
              + Texts.quote(position.encode())
              + "' failed: the server has purged the transactions '"
              + Texts.quote(missing)
              + "' from its binlog; start the pipeline with a new snapshot, and keep the binlog"
              + " longer ('binlog_expire_logs_seconds').");
    }
    String unknown =
        ServerStatus.normalGtids(
            status.value(
                "SELECT GTID_SUBTRACT('" + position.gtidSet() + "', @@GLOBAL.gtid_executed)"));
    if (unknown != null) {
      throw new PositionLostException(
          "Going on from '"
              + Texts.quote(position.encode())
              + "' failed: the server does not have the transactions '"
              + Texts.quote(unknown)
              + "' that were already read, so it is another server or an older copy; connect to the"
              + " right one, or start the pipeline with a new snapshot.");
    }
  }

  private void checkFile(SourcePosition position) throws SQLException {
    List<String> files = status.binlogFiles();
    if (files.contains(position.file())) {
      SourcePosition end = status.end();
      if (end.file().equals(position.file()) && end.offset() < position.offset()) {
        throw new PositionLostException(
            "Going on from '"
                + Texts.quote(position.encode())
                + "' failed: the server's binlog ends before it, at '"
                + end.file()
                + ":"
                + end.offset()
                + "', so it is another server or an older copy; connect to the right one, or start"
                + " the pipeline with a new snapshot.");
      }
      return;
    }
    throw new PositionLostException(
        "Going on from '"
            + Texts.quote(position.encode())
            + "' failed: the server has no binlog file '"
            + position.file()
            + "' any more, its oldest is '"
            + (files.isEmpty() ? "" : files.get(0))
            + "'; start the pipeline with a new snapshot, and keep the binlog longer"
            + " ('binlog_expire_logs_seconds').");
  }
}
