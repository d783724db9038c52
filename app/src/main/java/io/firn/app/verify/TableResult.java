package io.firn.app.verify;

import io.firn.model.schema.TableId;
import java.util.List;

/**
 * What the comparison of one target table found.
 *
 * @param table the target table
 * @param sourceRows rows that the source has for it
 * @param lakeRows rows that it has
 * @param differing how many rows really differ; at least as many as are named
 * @param undecided how many rows could not be decided
 * @param undecidedReason why not; empty if none
 * @param differences those that are named
 */
public record TableResult(
    TableId table,
    long sourceRows,
    long lakeRows,
    long differing,
    long undecided,
    String undecidedReason,
    List<Difference> differences) {

  /** Copies the list. */
  public TableResult {
    differences = List.copyOf(differences);
  }

  /** Whether both sides are known to have the same rows. */
  public boolean equal() {
    return differing == 0 && undecided == 0;
  }
}
