package io.firn.lake.write;

import io.firn.lake.layout.Evolution;
import io.firn.lake.layout.TableLayouts;
import io.firn.lake.table.LakeTable;
import io.firn.lake.table.TableLayout;
import io.firn.model.error.UnsupportedChangeException;
import io.firn.model.row.RowChange;
import io.firn.model.schema.TableId;
import io.firn.model.stream.SchemaChange;
import io.firn.model.stream.SourcePosition;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One target table in one task: follows its schema changes and keeps away what it has already.
 *
 * <p><b>Table ahead of the stream</b>: binlog changes before {@link LakeTable#committedPosition}
 * are in the table, so rows and schema changes up to there are ignored; of schema changes only the
 * resulting row layout is remembered. Reading the table anew ({@code TruncateTable} inside the
 * snapshot) ends this state: then the table is no longer ahead of anything.
 *
 * <p><b>Several source tables in one target</b>: a column that one of them drops stays, because the
 * others may have it; renames and truncations of one of them are refused. A source table counts
 * from its first row on, also when it is dropped: its rows stay.
 *
 * <p><b>Created tables</b>: the source announces a table that was just created and then says that
 * all of its rows are void, for the case that there was one of that name before. Where there was
 * none, nothing is void.
 *
 * <p><b>Invariant</b>: {@code schemaChanges} depends on the stream of schema changes only, not on
 * the rows of this task.
 *
 * <p><b>Threading</b>: one thread.
 */
final class TargetTable {
  private static final Logger LOG = LoggerFactory.getLogger(TargetTable.class);

  private final LakeTable lakeTable;
  private final TableWriter writer;
  private final Set<TableId> sources = new HashSet<>();
  private final Map<TableId, SourcePosition> newcomers = new HashMap<>();
  private final Map<TableId, SchemaChange> ignored = new LinkedHashMap<>();
  private final List<SchemaChange> schemaChanges = new ArrayList<>();
  private TableLayout layout;
  private CommittedRange committed;
  private boolean truncated;

  TargetTable(LakeTable lakeTable, TableWriter writer) {
    this.lakeTable = lakeTable;
    this.writer = writer;
    this.layout = lakeTable.initialLayout();
    SourcePosition until = lakeTable.committedPosition();
    this.committed = until == null ? null : new CommittedRange(until);
    this.sources.addAll(lakeTable.sources());
  }

  TableWriter writer() {
    return writer;
  }

  /** The table's layout now. */
  TableLayout layout() {
    return layout;
  }

  void write(RowChange change) {
    if (committed != null) {
      if (committed.contains(change.meta().position())) {
        return;
      }
      catchUp();
    }
    writer.write(change);
  }

  void apply(SchemaChange change) {
    TableId source = change.origin().sourceTable();
    if (sources.add(source) && change.origin().position() != null) {
      newcomers.put(source, change.origin().position());
    }
    if (committed != null) {
      SourcePosition position = change.origin().position();
      if (startsAnew(change)) {
        committed = null;
        ignored.values().forEach(this::evolve);
        ignored.clear();
      } else if (isAnnouncement(change) || committed.contains(position)) {
        ignored.put(
            change.origin().sourceTable(),
            new SchemaChange.CreateTable(change.schemaAfter(), change.origin()));
        return;
      } else {
        catchUp();
      }
    }
    if (voidsNothing(change)) {
      return;
    }
    evolve(sources.size() > 1 ? forMergedTable(change) : change);
  }

  /** Whether a table is emptied by the very statement that created it, the first of its name. */
  private boolean voidsNothing(SchemaChange change) {
    if (change instanceof SchemaChange.CreateTable) {
      return false;
    }
    // Whatever comes next ends the state of having just been created.
    SourcePosition created = newcomers.remove(change.origin().sourceTable());
    return change instanceof SchemaChange.TruncateTable
        && !startsAnew(change)
        && change.origin().position() != null
        && change.origin().position().equals(created);
  }

  /** Whether a change only repeats what a table looks like where reading goes on. */
  private boolean isAnnouncement(SchemaChange change) {
    SourcePosition position = change.origin().position();
    return change instanceof SchemaChange.CreateTable && (position == null || position.snapshot());
  }

  /** The stream has reached what the table has: from here on changes are written. */
  private void catchUp() {
    committed = null;
    for (SchemaChange change : ignored.values()) {
      // The table has the columns already; only what rows look like is new.
      layout = layout.withSource(change.schemaAfter());
    }
    ignored.clear();
    writer.useLayout(layout);
  }

  private static boolean startsAnew(SchemaChange change) {
    return change instanceof SchemaChange.TruncateTable
        && change.origin().position() != null
        && change.origin().position().snapshot();
  }

  private SchemaChange forMergedTable(SchemaChange change) {
    if (change instanceof SchemaChange.DropColumns) {
      return new SchemaChange.CreateTable(change.schemaAfter(), change.origin());
    }
    boolean truncation = change instanceof SchemaChange.TruncateTable && !startsAnew(change);
    if (truncation || change instanceof SchemaChange.RenameColumns) {
      throw new UnsupportedChangeException(
          "A "
              + (truncation ? "truncation or new creation" : "renamed column")
              + " of "
              + change.origin().sourceTable()
              + " cannot be mirrored: "
              + lakeTable.id()
              + " holds rows of "
              + sources.size()
              + " source tables; make the same change on all of them and read them anew into"
              + " another target table");
    }
    return change;
  }

  private void evolve(SchemaChange change) {
    Evolution evolution = TableLayouts.apply(layout, change);
    layout = evolution.layout();
    if (evolution.changed()) {
      writer.useLayout(layout);
      LOG.info("{} has new columns: {}", lakeTable.id(), layout.schema().asStruct());
    }
    if (change instanceof SchemaChange.TruncateTable) {
      long micros = change.origin().commitTimestampMicros();
      if (startsAnew(change)) {
        writer.empty(micros);
        truncated = true;
      } else {
        truncated |= writer.truncate(micros);
      }
    } else if (change instanceof SchemaChange.DropTable) {
      LOG.info("{} was dropped at the source; it stays in the lake as it is", lakeTable.id());
    }
    if (evolution.changed() || !(change instanceof SchemaChange.CreateTable)) {
      schemaChanges.add(change);
    }
  }

  /** Ends the checkpoint; empty if nothing happened to the table. */
  Optional<TableCommittable> handOver(long checkpointId) {
    TableWriter.Written written = writer.handOver(checkpointId);
    if (schemaChanges.isEmpty()
        && !truncated
        && written.dataFiles().isEmpty()
        && written.superseded().isEmpty()) {
      return Optional.empty();
    }
    TableCommittable committable =
        new TableCommittable(
            lakeTable.id(),
            List.copyOf(schemaChanges),
            truncated,
            written.dataFiles(),
            written.superseded());
    schemaChanges.clear();
    truncated = false;
    return Optional.of(committable);
  }
}
