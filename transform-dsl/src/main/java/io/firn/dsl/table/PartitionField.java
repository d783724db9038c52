package io.firn.dsl.table;

/**
 * One field of a table's partitioning.
 *
 * @param column the target column it derives from
 * @param transform how it derives
 * @param parameter number of buckets or width of truncation; 0 for the other transforms
 */
public record PartitionField(String column, Transform transform, int parameter) {

  /** Iceberg's partition transforms. */
  public enum Transform {
    /** The value itself. */
    IDENTITY,
    /** The year of a date or timestamp. */
    YEAR,
    /** The month of a date or timestamp. */
    MONTH,
    /** The day of a date or timestamp. */
    DAY,
    /** The hour of a timestamp. */
    HOUR,
    /** A hash of the value, modulo a number. */
    BUCKET,
    /** The first characters of a text, or a number rounded down to a multiple. */
    TRUNCATE
  }

  @Override
  public String toString() {
    String name = transform.name().toLowerCase(java.util.Locale.ROOT);
    return switch (transform) {
      case IDENTITY -> column;
      case BUCKET, TRUNCATE -> name + "[" + parameter + "](" + column + ")";
      default -> name + "(" + column + ")";
    };
  }
}
