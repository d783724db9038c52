package io.firn.lake.table;

import java.util.List;
import org.apache.iceberg.types.Types;

/** The columns that append mode adds behind the columns of the source. */
public final class ChangeLogColumns {
  /**
   * What the row is: {@code INSERT} (also for rows read by the snapshot), {@code UPDATE_BEFORE},
   * {@code UPDATE_AFTER} or {@code DELETE}, the words of Iceberg's changelog. String, required.
   */
  public static final String OPERATION = "_firn_op";

  /** Source position of the change in its text form. String, required. */
  public static final String POSITION = "_firn_position";

  /** When the source logged the change. Timestamp with zone, optional. */
  public static final String COMMIT_TIME = "_firn_commit_time";

  /** The three columns in order, with field ids that carry no meaning. */
  public static final List<Types.NestedField> ALL =
      List.of(
          Types.NestedField.required(1, OPERATION, Types.StringType.get()),
          Types.NestedField.required(2, POSITION, Types.StringType.get()),
          Types.NestedField.optional(3, COMMIT_TIME, Types.TimestampType.withZone()));

  private ChangeLogColumns() {}
}
