package io.firn.simulation.source;

import io.firn.model.schema.TableId;
import java.util.List;
import java.util.Map;

/** What stands in the simulated source's log. */
public sealed interface SourceEvent {

  /**
   * Row changes that stem from one event and are never separated; a changed key is two of them.
   *
   * @param operations in order
   */
  record Rows(List<RowOperation> operations) implements SourceEvent {}

  /** A statement that changes a table's definition or voids its rows. */
  sealed interface Statement extends SourceEvent {
    /** The table as it is afterwards. */
    SourceTable after();

    /** The table. */
    default TableId table() {
      return after().id();
    }
  }

  /** {@code ALTER TABLE ADD}. */
  record AddColumn(SourceTable after, SourceColumn column) implements Statement {}

  /** {@code ALTER TABLE DROP}. */
  record DropColumn(SourceTable after, String column) implements Statement {}

  /** {@code ALTER TABLE RENAME COLUMN}. */
  record RenameColumn(SourceTable after, Map<String, String> names) implements Statement {}

  /** {@code ALTER TABLE MODIFY}, from INT to BIGINT. */
  record WidenColumn(SourceTable after, String column) implements Statement {}

  /** {@code TRUNCATE TABLE}. */
  record Truncate(SourceTable after) implements Statement {}
}
