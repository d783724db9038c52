package io.firn.lake.table;

import java.util.List;
import org.apache.iceberg.types.Types;

/**
 * The columns that history mode adds behind the columns of the source.
 *
 * <p><b>Invariant</b>: the versions of a key, in order, follow each other without overlap; {@code
 * valid_from <= t and (valid_to is null or t < valid_to)} is true of at most one of them.
 */
public final class ValidityColumns {
  /** When the version began. Timestamp with zone, required. */
  public static final String VALID_FROM = "_firn_valid_from";

  /** When the version ended; NULL while it is the current one. Timestamp with zone, optional. */
  public static final String VALID_TO = "_firn_valid_to";

  /** Whether the row has this version now. Boolean, required. */
  public static final String IS_CURRENT = "_firn_is_current";

  /** The three columns in order, with field ids that carry no meaning. */
  public static final List<Types.NestedField> ALL =
      List.of(
          Types.NestedField.required(1, VALID_FROM, Types.TimestampType.withZone()),
          Types.NestedField.optional(2, VALID_TO, Types.TimestampType.withZone()),
          Types.NestedField.required(3, IS_CURRENT, Types.BooleanType.get()));

  private ValidityColumns() {}
}
