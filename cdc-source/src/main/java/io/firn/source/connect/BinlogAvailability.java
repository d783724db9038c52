package io.firn.source.connect;

import io.firn.model.error.PositionLostException;
import io.firn.model.stream.GtidSet;
import io.firn.model.stream.SourcePosition;
import io.firn.source.Flavour;
import io.firn.source.Texts;
import java.sql.SQLException;
import java.util.List;

/**
 * Finds out whether a server still has the changes after a position. With GTIDs it may be another
 * server than the position was read from; without, it must be the same.
 */
public final class BinlogAvailability {
  private static final int FIRST_OFFSET = 4;

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
    if (position.gtidSet() != null && flavour == Flavour.MARIADB) {
      checkMariaDbGtids(position);
    } else if (position.gtidSet() != null && gtidMode()) {
      checkGtids(position);
    } else {
      checkServer(position);
      checkFile(position);
    }
  }

  private boolean gtidMode() throws SQLException {
    return "ON".equalsIgnoreCase(status.variable("gtid_mode"));
  }

  private void checkGtids(SourcePosition position) throws SQLException {
    GtidSet seen = GtidSet.parse(position.gtidSet());
    requirePresent(position, GtidSet.parse(status.variable("gtid_purged")).minus(seen));
    requireKnown(position, seen.minus(GtidSet.parse(status.variable("gtid_executed"))));
  }

  private void checkMariaDbGtids(SourcePosition position) throws SQLException {
    GtidSet seen = GtidSet.parse(position.gtidSet());
    List<String> files = status.binlogFiles();
    if (!files.isEmpty()) {
      // What was written before the oldest file that is left.
      String purged =
          status.value("SELECT BINLOG_GTID_POS('" + files.get(0) + "', " + FIRST_OFFSET + ")");
      requirePresent(position, GtidSet.parse(purged).minus(seen));
    }
    // A new replica has in its position what is not in its own binlog yet.
    GtidSet has =
        GtidSet.parse(status.variable("gtid_binlog_pos") + "," + status.variable("gtid_slave_pos"));
    requireKnown(position, seen.minus(has));
  }

  private static void requirePresent(SourcePosition position, GtidSet missing) {
    if (!missing.isEmpty()) {
      throw lost(
          position,
          "the server has purged the transactions '"
              + Texts.quote(missing.toString())
              + "' from its binlog; start the pipeline with a new snapshot, and keep the binlog"
              + " longer ('binlog_expire_logs_seconds').");
    }
  }

  private static void requireKnown(SourcePosition position, GtidSet unknown) {
    if (!unknown.isEmpty()) {
      throw lost(
          position,
          "the server does not have the transactions '"
              + Texts.quote(unknown.toString())
              + "' that were already read, so it is a replica that is behind, another server or an"
              + " older copy; wait for the replica, connect to the right server, or start the"
              + " pipeline with a new snapshot.");
    }
  }

  /** Without GTIDs a place means something on its own server only. */
  private void checkServer(SourcePosition position) throws SQLException {
    String server = status.identity().text();
    if (position.server() != null && !position.server().equals(server)) {
      throw lost(
          position,
          "this is another server ('"
              + Texts.quote(server)
              + "') than the position was read from, and there are no GTIDs to find the place by;"
              + " connect to the same server as before, or start the pipeline with a new snapshot and"
              + " switch on 'gtid_mode' first.");
    }
    boolean switchedOn =
        flavour == Flavour.MYSQL
            && position.gtidSet() == null
            && gtidMode()
            && !GtidSet.parse(status.variable("gtid_executed")).isEmpty();
    if (switchedOn) {
      throw lost(
          position,
          "'gtid_mode' is ON, but the position was read before that and has no GTIDs; let the"
              + " pipeline catch up while 'gtid_mode' is OFF_PERMISSIVE or ON_PERMISSIVE before it is"
              + " switched ON, or start the pipeline with a new snapshot.");
    }
  }

  private void checkFile(SourcePosition position) throws SQLException {
    List<String> files = status.binlogFiles();
    if (!files.contains(position.file())) {
      throw lost(
          position,
          "the server has no binlog file '"
              + position.file()
              + "' any more, its oldest is '"
              + (files.isEmpty() ? "" : files.get(0))
              + "'; start the pipeline with a new snapshot, and keep the binlog longer"
              + " ('binlog_expire_logs_seconds').");
    }
    SourcePosition end = status.end();
    if (end.file().equals(position.file()) && end.offset() < position.offset()) {
      throw lost(
          position,
          "the server's binlog ends before it, at '"
              + end.file()
              + ":"
              + end.offset()
              + "', so it is another server or an older copy; connect to the right one, or start"
              + " the pipeline with a new snapshot.");
    }
  }

  private static PositionLostException lost(SourcePosition position, String why) {
    return new PositionLostException(
        "Going on from '" + Texts.quote(position.encode()) + "' failed: " + why);
  }
}
