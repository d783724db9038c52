package io.firn.simulation.check;

import io.firn.lake.table.WriteMode;
import io.firn.model.schema.TableId;
import io.firn.simulation.check.Summaries.Mark;
import io.firn.simulation.source.DatabaseState;
import io.firn.simulation.source.RowOperation;
import io.firn.simulation.source.SourceEvent;
import io.firn.simulation.source.SourceHistory;
import io.firn.simulation.source.SourceServer;
import io.firn.simulation.source.SourceTable;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.TableMetadata;
import org.apache.iceberg.catalog.TableIdentifier;

/**
 * Knows what a table of the lake must contain, from the source's history and the table's position
 * alone. Shares no code with the pipeline.
 */
public final class Oracle {
  private final SourceServer source;
  private final Map<TableId, WriteMode> modes;
  private final Map<String, List<String>> foreign = new TreeMap<>();
  private final Map<String, Long> epochs = new TreeMap<>();
  private final Map<String, List<String>> cache = new TreeMap<>();

  /**
   * An oracle for one source.
   *
   * @param modes how tables are written, if not as usual
   */
  public Oracle(SourceServer source, Map<TableId, WriteMode> modes) {
    this.source = source;
    this.modes = modes;
  }

  /** Whether the tables were read anew after one epoch, until another. */
  boolean readAnew(long after, long until) {
    return source.snapshotTakenBetween(after, until);
  }

  /** Somebody else added a row to a table, to stay there. */
  public void foreignRow(TableIdentifier table, String row) {
    foreign.computeIfAbsent(table.toString(), t -> new ArrayList<>()).add(row);
  }

  /** A commit voids the rows of others too if it is the first since the source was read anew. */
  void committed(CommitSeen commit) {
    for (Snapshot snapshot : commit.added()) {
      Mark mark = Summaries.summary(snapshot);
      if (commit.ours() && Summaries.isCheckpoint(snapshot) && mark != null) {
        String table = commit.table().toString();
        long epoch = mark.epoch();
        Long before = epochs.put(table, epoch);
        if (before != null && readAnew(before, epoch)) {
          foreign.remove(table);
        }
      }
    }
  }

  /**
   * A row as text, the columns in order of their names. Without NULLs: a column that is dropped at
   * the source while an initial snapshot is repeated stays in the lake, empty.
   */
  public static String text(Map<String, Object> row) {
    Map<String, Object> values = new TreeMap<>(row);
    values.values().removeIf(Objects::isNull);
    return values.toString();
  }

  /** The rows that a table must have, as sorted texts, by its own marker. */
  List<String> expected(TableIdentifier table, TableMetadata metadata) {
    Mark mark = Summaries.property(metadata);
    if (mark == null) {
      return withForeign(table, List.of());
    }
    return expected(table, mark.epoch(), mark.position());
  }

  /** The rows that a table must have at a position that a life of the pipeline has reached. */
  public List<String> expected(TableIdentifier table, long epoch, String position) {
    int snapshot = source.snapshotOf(epoch);
    List<String> rows =
        cache.computeIfAbsent(
            table + " " + snapshot + " " + position,
            key ->
                compute(
                    new TableId(table.namespace().toString(), table.name()), snapshot, position));
    return withForeign(table, rows);
  }

  private List<String> withForeign(TableIdentifier table, List<String> rows) {
    List<String> all = new ArrayList<>(rows);
    all.addAll(foreign.getOrDefault(table.toString(), List.of()));
    all.sort(null);
    return all;
  }

  private List<String> compute(TableId id, int snapshot, String position) {
    SourceHistory history = source.history();
    String[] place = position.split(":", -1);
    boolean inSnapshot = place[0].equals("snapshot");
    SourceTable table = history.after(snapshot).table(id);
    if (!inSnapshot && !place[2].equals("0")) {
      throw new Violation("BarriersBetweenTransactions", "a checkpoint at " + position);
    }
    int until =
        inSnapshot ? snapshot : SourceHistory.transactionAt(place[0], Long.parseLong(place[1]));
    WriteMode mode = modes.getOrDefault(id, table.keyed() ? WriteMode.UPSERT : WriteMode.APPEND);
    if (!inSnapshot && mode == WriteMode.UPSERT) {
      return history.after(until).rows(id).stream().map(Oracle::text).toList();
    }
    int limit = inSnapshot ? Integer.parseInt(place[1]) : Integer.MAX_VALUE;
    RowLog log =
        switch (mode) {
          case UPSERT, SOFT_DELETE -> new RowLog.Marked(table.key(), mode == WriteMode.SOFT_DELETE);
          case HISTORY -> new RowLog.Versions(table.key());
          case APPEND -> new RowLog.Changes(true);
          case APPEND_AFTER -> new RowLog.Changes(false);
        };
    readSnapshot(
        history.after(snapshot), table, limit, SourceHistory.snapshotMicros(snapshot), log);
    for (int i = snapshot; i < until; i++) {
      follow(i, id, log);
    }
    return log.rows().stream().map(Oracle::text).toList();
  }

  private static void readSnapshot(
      DatabaseState state, SourceTable wanted, int limit, long micros, RowLog log) {
    int number = 0;
    for (SourceTable table : state.tables()) {
      for (Map<String, Object> row : state.rows(table.id())) {
        if (number < limit && table.id().equals(wanted.id())) {
          log.change(null, row, "snapshot:" + number, micros);
        }
        number++;
      }
    }
  }

  /** Continues the log of a table by a transaction. */
  private void follow(int transaction, TableId id, RowLog log) {
    long micros = SourceHistory.commitMicros(transaction);
    int row = 0;
    for (SourceEvent event : source.history().transaction(transaction).events()) {
      if (event instanceof SourceEvent.Rows rows) {
        for (RowOperation operation : rows.operations()) {
          if (operation.table().equals(id)) {
            String position =
                SourceHistory.fileOf(transaction)
                    + ":"
                    + SourceHistory.offsetOf(transaction)
                    + ":"
                    + row;
            log.change(operation.before(), operation.after(), position, micros);
          }
          row++;
        }
      } else if (event instanceof SourceEvent.Statement statement) {
        row++;
        if (!statement.table().equals(id)) {
          continue;
        }
        if (statement instanceof SourceEvent.Truncate) {
          log.truncate(micros);
        } else {
          log.rows().replaceAll(entry -> DatabaseState.reshape(entry, statement));
        }
      }
    }
  }
}
