package io.firn.lake.table;

import io.firn.model.schema.TableId;
import io.firn.model.stream.SourcePosition;
import java.util.Set;
import org.apache.iceberg.Table;

/**
 * One target table in one life of the pipeline.
 *
 * <p><b>Threading</b>: immutable apart from the registry, which is thread-safe; the Iceberg table
 * may be read by any thread and refreshed only by the committer.
 *
 * @param id the target table's name in the pipeline
 * @param table the Iceberg table, as loaded when the pipeline started
 * @param initialLayout the layout rows have before the first schema change of this life is applied;
 *     all tasks start from it
 * @param files the numbers of its data files
 * @param committedPosition binlog changes (rows and schema changes) strictly before this source
 *     position are in the table already and must be ignored; changes at it, and those of an initial
 *     snapshot, must not. Null if nothing is to be ignored
 * @param sources the source tables that the table has rows of, or had
 */
public record LakeTable(
    TableId id,
    Table table,
    TableLayout initialLayout,
    DataFileRegistry files,
    SourcePosition committedPosition,
    Set<TableId> sources) {

  /** Copies the set. */
  public LakeTable {
    sources = Set.copyOf(sources);
  }
}
