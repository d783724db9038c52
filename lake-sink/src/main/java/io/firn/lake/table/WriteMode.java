package io.firn.lake.table;

/** How changes become rows of a table. */
public enum WriteMode {
  /** One row per key, the latest; superseded rows are marked deleted. Needs a primary key. */
  UPSERT,
  /**
   * Every change is appended as rows of a change log with the columns {@link ChangeLogColumns}; an
   * update gives two rows, its before and its after image.
   */
  APPEND
}
