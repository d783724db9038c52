package io.firn.lake.table;

import io.firn.model.schema.TableSchema;
import org.apache.iceberg.PartitionSpec;
import org.apache.iceberg.Schema;

/**
 * How rows of a target table are written at one moment of the stream. Every task derives the same
 * layouts from the same schema changes, and the committer later finds the same field ids in the
 * table; so files can be written before the table's metadata knows the new columns.
 *
 * <p>Immutable.
 *
 * @param source the layout of incoming rows (column i of a row is column i here)
 * @param schema the Iceberg schema with field ids: the columns of {@code source}, columns that only
 *     the lake still has, and those that the mode adds
 * @param lastColumnId highest field id assigned so far
 * @param spec partition spec new files are written with
 * @param mode how changes become rows
 * @param formatVersion the table's format version; decides which schema changes are possible
 */
public record TableLayout(
    TableSchema source,
    Schema schema,
    int lastColumnId,
    PartitionSpec spec,
    WriteMode mode,
    int formatVersion) {

  /** The same table with another layout of incoming rows. */
  public TableLayout withSource(TableSchema newSource) {
    return new TableLayout(newSource, schema, lastColumnId, spec, mode, formatVersion);
  }
}
