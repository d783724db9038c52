package io.firn.lake.table;

import java.util.List;
import org.apache.iceberg.types.Types;

/** The columns that soft-delete mode adds behind the columns of the source. */
public final class DeletionColumns {
  /** Whether the source has no such row any more. Boolean, required. */
  public static final String DELETED = "_firn_deleted";

  /**
   * When the source logged the deletion; NULL while the row is there. Timestamp with zone,
   * optional.
   */
  public static final String DELETED_AT = "_firn_deleted_at";

  /** The two columns in order, with field ids that carry no meaning. */
  public static final List<Types.NestedField> ALL =
      List.of(
          Types.NestedField.required(1, DELETED, Types.BooleanType.get()),
          Types.NestedField.optional(2, DELETED_AT, Types.TimestampType.withZone()));

  private DeletionColumns() {}
}
