package io.firn.lake.commit;

import io.firn.lake.guard.CommitGuard.BaseMark;
import io.firn.lake.guard.FirnProperties;
import io.firn.lake.guard.SourceSchema;
import io.firn.lake.registry.PipelineTable;
import io.firn.lake.table.DataFileName;
import io.firn.model.checkpoint.CheckpointMark;
import io.firn.model.schema.TableId;
import io.firn.model.schema.TableSchema;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.Snapshot;

/** Turns what the tasks did to one table into what will be committed. */
final class TablePreparation {
  private TablePreparation() {}

  /**
   * A payload, and what becomes of the caches once it is committed.
   *
   * @param payload what will be committed
   * @param deletes the delete files in it
   * @param layoutAfter the layout of rows after it; null if unchanged
   */
  record Prepared(CommitPayload payload, PlannedDeletes deletes, TableSchema layoutAfter) {}

  /**
   * Prepares a table's commit; writes delete files.
   *
   * @param layoutBefore the layout of the table's rows so far
   * @param refresh reads the newest metadata of a table that the checkpoint concerns
   * @return empty if the checkpoint does not concern the table
   */
  static Optional<Prepared> prepare(
      PipelineTable table,
      CheckpointMark mark,
      MergedCommittable work,
      TableSchema layoutBefore,
      DeletionVectorCache cache,
      Consumer<PipelineTable> refresh,
      Function<String, String> newLocation)
      throws IOException {
    List<SourceSchema> sourceSchemas = newSourceSchemas(table, mark);
    if (work == MergedCommittable.EMPTY && sourceSchemas.isEmpty()) {
      return Optional.empty();
    }
    refresh.accept(table);
    PlannedDeletes deletes =
        new DeletePlanner(table, cache, newLocation)
            .plan(work.relocated(table.lakeTable().files().relocations()));
    List<DataFile> addedData = new ArrayList<>();
    long lastFileId = Long.parseLong(table.metadata().property(FirnProperties.LAST_FILE_ID, "0"));
    for (DataFile file : work.dataFiles()) {
      lastFileId =
          Math.max(
              lastFileId, DataFileName.parse(file.location()).map(DataFileName::fileId).orElse(0L));
      if (!deletes.stillborn.contains(file.location())) {
        addedData.add(file);
      }
    }
    Snapshot base = table.metadata().currentSnapshot();
    boolean evolves = !work.schemaChanges().isEmpty();
    CommitPayload payload =
        new CommitPayload(
            BaseMark.of(table.mark()),
            base == null ? null : base.snapshotId(),
            work.truncated(),
            table.lastColumnId(),
            evolves ? layoutBefore : null,
            work.schemaChanges(),
            sourceSchemas,
            lastFileId,
            addedData,
            deletes.added,
            deletes.removedData,
            deletes.removedDeletes,
            List.copyOf(deletes.referencedData));
    TableSchema layoutAfter =
        evolves ? work.schemaChanges().get(work.schemaChanges().size() - 1).schemaAfter() : null;
    return Optional.of(new Prepared(payload, deletes, layoutAfter));
  }

  /**
   * Descriptions of source tables that the lake does not have yet. They are a reason to commit by
   * themselves: without them nobody can decode the binlog from this checkpoint on.
   */
  private static List<SourceSchema> newSourceSchemas(PipelineTable table, CheckpointMark mark) {
    List<SourceSchema> changed = new ArrayList<>();
    for (TableId source : table.sources()) {
      String text = mark.source().tableSchemas().get(source);
      SourceSchema stored = table.mark().sourceSchemas().get(source);
      if (text != null && (stored == null || !Objects.equals(stored.text(), text))) {
        changed.add(
            new SourceSchema(
                source,
                text,
                mark.previousPosition() == null ? null : mark.previousPosition().encode(),
                stored == null ? null : stored.text(),
                mark.checkpointId()));
      }
    }
    return changed;
  }
}
