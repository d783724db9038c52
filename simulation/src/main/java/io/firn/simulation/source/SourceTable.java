package io.firn.simulation.source;

import io.firn.model.schema.TableId;
import java.util.List;

/**
 * A simulated source table at one moment of its history.
 *
 * @param id its name
 * @param version counts its definitions from 1
 * @param columns its columns in order
 * @param key names of the key columns; empty for a table without a key
 */
public record SourceTable(TableId id, int version, List<SourceColumn> columns, List<String> key) {

  /** Copies the lists. */
  public SourceTable {
    columns = List.copyOf(columns);
    key = List.copyOf(key);
  }

  /** Whether it has a key. */
  public boolean keyed() {
    return !key.isEmpty();
  }

  /** The next definition. */
  SourceTable next(List<SourceColumn> newColumns) {
    return new SourceTable(id, version + 1, newColumns, key);
  }

  /** What the source says about the table in its own words; it must come back unchanged. */
  public String description() {
    return id + " v" + version + " " + columns.stream().map(SourceColumn::name).toList();
  }
}
