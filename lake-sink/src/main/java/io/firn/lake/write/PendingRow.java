package io.firn.lake.write;

import io.firn.model.row.Row;

/** A row that waits to be written. */
abstract class PendingRow {
  /** The row, or null if nothing is to be written. */
  Row row;

  RowMapping mapping;

  /** Number of its partition. */
  int partition;

  /** Where it was written. */
  long location;

  /** Shows the row with the values of the columns that the write mode adds. */
  abstract RowView show(RowView view);
}
