package io.firn.model.row;

import io.firn.model.schema.TableId;
import io.firn.model.schema.TableSchema;
import io.firn.model.stream.SourcePosition;
import java.util.Objects;

/**
 * One row's change, in the layout of {@code schema}.
 *
 * <p><b>Invariants</b>: {@code before} and {@code after} are there as {@link Operation} says; an
 * UPDATE has the same key before and after (a key update at the source is a DELETE followed by an
 * INSERT, never separated by a barrier).
 *
 * @param schema the layout of both images, and through it the table
 * @param operation what happened
 * @param before the row before the change, or null
 * @param after the row after the change, or null
 * @param meta where and when it happened
 */
public record RowChange(TableSchema schema, Operation operation, Row before, Row after, Meta meta) {

  /** Checks that the images match the operation. */
  public RowChange {
    Objects.requireNonNull(schema, "schema");
    boolean needsBefore = operation == Operation.UPDATE || operation == Operation.DELETE;
    boolean needsAfter = operation != Operation.DELETE;
    if (needsBefore != (before != null) || needsAfter != (after != null)) {
      throw new IllegalArgumentException(
          operation + " on " + schema.table() + " has the wrong row images");
    }
  }

  /** The table concerned. */
  public TableId table() {
    return schema.table();
  }

  /** The image that carries the key: {@code after}, or {@code before} for a DELETE. */
  public Row keyImage() {
    return operation == Operation.DELETE ? before : after;
  }

  /**
   * Where and when a change happened.
   *
   * @param position position of the change itself; strictly increases within the stream of a source
   * @param transactionId the source's name for the transaction (a GTID where there is one), or null
   * @param commitTimestampMicros when the source logged the change, microseconds since 1970 UTC; 0
   *     when unknown
   */
  public record Meta(SourcePosition position, String transactionId, long commitTimestampMicros) {}
}
