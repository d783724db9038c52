package io.firn.dsl.transform;

import io.firn.dsl.plan.CompiledTable;
import io.firn.dsl.plan.MergeException;
import io.firn.dsl.plan.TargetLayout;
import io.firn.model.schema.TableId;
import io.firn.model.schema.TableSchema;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What a transform knows of one target table.
 *
 * <p><b>Threading</b>: used by one thread.
 */
final class TargetTable {
  private final TableId id;
  private final SortedMap<TableId, SourceTable> sources = new TreeMap<>();

  /** Source tables whose snapshot voided the target in this life of the pipeline. */
  private final Set<TableId> voidedBy = new HashSet<>();

  private TableSchema schema;
  private boolean rowsPassed;

  TargetTable(TableId id) {
    this.id = id;
  }

  TableId id() {
    return id;
  }

  SortedMap<TableId, SourceTable> sources() {
    return sources;
  }

  boolean isMerged() {
    return sources.size() > 1;
  }

  /** The current layout; null before the first. */
  TableSchema schema() {
    return schema;
  }

  /** Computes the layout anew from the sources as they are now. */
  void recompute() throws MergeException {
    List<CompiledTable> all = sources.values().stream().map(SourceTable::compiled).toList();
    schema = TargetLayout.of(id, all);
  }

  Set<TableId> voidedBy() {
    return voidedBy;
  }

  boolean rowsPassed() {
    return rowsPassed;
  }

  void noteRow() {
    rowsPassed = true;
  }
}
