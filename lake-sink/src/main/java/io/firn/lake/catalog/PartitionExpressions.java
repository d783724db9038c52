package io.firn.lake.catalog;

import io.firn.model.error.ConfigurationException;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.iceberg.PartitionSpec;
import org.apache.iceberg.Schema;
import org.apache.iceberg.exceptions.ValidationException;

/**
 * Partition expressions as the pipeline file has them: a column name, {@code year(x)}, {@code
 * month(x)}, {@code day(x)}, {@code hour(x)}, {@code bucket(16, x)} and {@code truncate(4, x)}.
 */
public final class PartitionExpressions {
  private static final Pattern CALL =
      Pattern.compile("(\\w+)\\s*\\(\\s*(?:(\\d{1,9})\\s*,\\s*)?([^()]+?)\\s*\\)");

  private PartitionExpressions() {}

  /**
   * The partition spec of a new table.
   *
   * @param expressions in order; empty for an unpartitioned table
   * @param schema the table's schema
   * @param table for messages
   * @throws ConfigurationException if an expression cannot be understood or applied
   */
  public static PartitionSpec parse(List<String> expressions, Schema schema, Object table) {
    PartitionSpec.Builder spec = PartitionSpec.builderFor(schema);
    for (String expression : expressions) {
      try {
        // Iceberg says only at the end what a column's type does not allow; ask for each by itself.
        PartitionSpec.Builder alone = PartitionSpec.builderFor(schema);
        add(alone, schema, expression.strip());
        alone.build();
        add(spec, schema, expression.strip());
      } catch (IllegalArgumentException | ValidationException e) {
        throw new ConfigurationException(
            "Partitioning table "
                + table
                + " by '"
                + expression
                + "' failed: "
                + e.getMessage()
                + "; use a column, year(c), month(c), day(c), hour(c), bucket(n, c) or"
                + " truncate(n, c)",
            e);
      }
    }
    try {
      return spec.build();
    } catch (IllegalArgumentException | ValidationException e) {
      throw new ConfigurationException(
          "Partitioning table " + table + " failed: " + e.getMessage() + "; change partition.key",
          e);
    }
  }

  private static void add(PartitionSpec.Builder spec, Schema schema, String expression) {
    if (schema.findField(expression) != null) {
      spec.identity(expression);
      return;
    }
    Matcher call = CALL.matcher(expression);
    if (!call.matches()) {
      throw new IllegalArgumentException("there is no such column");
    }
    String function = call.group(1).toLowerCase(Locale.ROOT);
    String column = call.group(3);
    boolean takesNumber = function.equals("bucket") || function.equals("truncate");
    if (schema.findField(column) == null) {
      throw new IllegalArgumentException("there is no column '" + column + "'");
    }
    if (takesNumber != (call.group(2) != null)) {
      throw new IllegalArgumentException(
          takesNumber ? "the width is missing" : "'" + function + "' takes a column only");
    }
    switch (function) {
      case "year", "years" -> spec.year(column);
      case "month", "months" -> spec.month(column);
      case "day", "days", "date" -> spec.day(column);
      case "hour", "hours" -> spec.hour(column);
      case "identity" -> spec.identity(column);
      case "bucket" -> spec.bucket(column, positive(call.group(2)));
      case "truncate" -> spec.truncate(column, positive(call.group(2)));
      default -> throw new IllegalArgumentException("there is no function '" + function + "'");
    }
  }

  private static int positive(String number) {
    int value = Integer.parseInt(number);
    if (value == 0) {
      throw new IllegalArgumentException("the width must not be 0");
    }
    return value;
  }
}
