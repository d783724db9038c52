package io.firn.lake.commit;

import io.firn.lake.LakeSinkOptions;
import io.firn.lake.compact.CompactionSettings;
import io.firn.lake.maintain.Background;
import io.firn.lake.registry.PipelineTable;
import io.firn.lake.registry.PipelineTables;
import io.firn.model.schema.TableId;
import java.util.Collection;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.Function;
import org.apache.iceberg.DataFile;

/**
 * Everything that keeps one life's tables healthy beside its checkpoints: compaction, expiry of
 * snapshots, removal of files.
 *
 * <p><b>Threading</b>: the committer's thread.
 */
final class Maintenance implements AutoCloseable {
  private final PipelineTables tables;
  private final Optional<Compaction> compaction;
  private final Upkeep upkeep;

  /** Tables that a checkpoint of this life was committed to. */
  private final TreeSet<TableId> active = new TreeSet<>();

  private long newestCheckpointId;

  /**
   * What the options ask for.
   *
   * @param caches the deletion vectors of each table that are in memory
   */
  static Maintenance of(
      PipelineTables tables,
      LakeSinkOptions options,
      FreshTables fresh,
      Background background,
      Function<TableId, DeletionVectorCache> caches) {
    CompactionSettings settings = options.compaction();
    Optional<Compaction> compaction =
        settings.enabled()
            ? Optional.of(
                new Compaction(
                    tables,
                    settings,
                    background.compactors().apply(settings),
                    caches,
                    fresh,
                    background.nanos()))
            : Optional.empty();
    Upkeep upkeep =
        new Upkeep(
            tables, options.maintenance(), fresh, background.cleaners().get(), background.nanos());
    return new Maintenance(tables, compaction, upkeep);
  }

  private Maintenance(PipelineTables tables, Optional<Compaction> compaction, Upkeep upkeep) {
    this.tables = tables;
    this.compaction = compaction;
    this.upkeep = upkeep;
  }

  /** Notes a checkpoint's commit to one table. */
  void tableCommitted(PipelineTable table, Collection<DataFile> removed) {
    active.add(table.id());
    compaction.ifPresent(c -> c.tableCommitted(table, removed));
  }

  /** Notes that all commits of a checkpoint are done. */
  void checkpointCommitted(long checkpointId) {
    newestCheckpointId = checkpointId;
    for (PipelineTable table : tables.all()) {
      if (table.lakeTable() != null) {
        table.files().relocations().settle(checkpointId);
      }
    }
    compaction.ifPresent(c -> c.checkpointCommitted(checkpointId));
  }

  /** Does one thing that is due; returns whether there was one. */
  boolean step() {
    return (compaction.isPresent() && compaction.get().step())
        || upkeep.step(
            active.stream().map(id -> tables.table(id).orElseThrow()).toList(), newestCheckpointId);
  }

  @Override
  public void close() {
    compaction.ifPresent(Compaction::close);
    upkeep.close();
  }
}
