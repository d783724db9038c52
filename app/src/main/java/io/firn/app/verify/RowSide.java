package io.firn.app.verify;

import io.firn.model.row.Row;
import io.firn.model.schema.TableSchema;

/** One side of a comparison: the rows that a target table should have, or those that it has. */
interface RowSide {

  /**
   * Reads all rows as they are right now, in any order.
   *
   * @throws io.firn.model.error.FirnException if that is not possible
   */
  void scan(RowVisitor visitor);

  /** Gets one row after the other. */
  interface RowVisitor {
    /**
     * A row.
     *
     * @param schema its layout, identical for rows of one layout
     */
    void row(TableSchema schema, Row row);
  }
}
