package io.firn.dsl.table;

import io.firn.dsl.field.BadValueException;
import io.firn.dsl.finding.ClosestName;
import io.firn.dsl.finding.Quoted;
import io.firn.model.pattern.BadPatternException;
import io.firn.model.pattern.TablePattern;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * The partitioning of several target tables, in Flink CDC's syntax: {@code
 * shop.orders:day(created_at),bucket[16](customer_id);shop.items:category}.
 *
 * @param tables in the order written
 */
public record PartitionKeys(List<Table> tables) {
  /** No table is partitioned. */
  public static final PartitionKeys NONE = new PartitionKeys(List.of());

  /** Copies the list. */
  public PartitionKeys {
    tables = List.copyOf(tables);
  }

  /**
   * The partitioning of the tables that a pattern names.
   *
   * @param pattern the target tables
   * @param fields the fields in order
   * @param offset where in the text it stands
   */
  public record Table(TablePattern pattern, List<PartitionField> fields, int offset) {}

  /** Reads the text. */
  public static PartitionKeys parse(String text) throws BadValueException {
    List<Table> tables = new ArrayList<>();
    int start = 0;
    while (start <= text.length()) {
      int end = text.indexOf(';', start);
      end = end < 0 ? text.length() : end;
      String entry = text.substring(start, end);
      if (!entry.isBlank()) {
        tables.add(table(entry, start));
      }
      start = end + 1;
    }
    return new PartitionKeys(tables);
  }

  private static Table table(String entry, int offset) throws BadValueException {
    int colon = entry.lastIndexOf(':');
    if (colon < 0) {
      throw new BadValueException(
          Quoted.of(entry) + " names no columns",
          "write 'database.table:column,day(column)', tables separated by ';'",
          offset);
    }
    try {
      return new Table(
          TablePattern.parse(entry.substring(0, colon)),
          fields(entry.substring(colon + 1), offset + colon + 1),
          offset);
    } catch (BadPatternException e) {
      throw BadValueException.of(e, offset);
    }
  }

  /** Reads a comma-separated list of fields. */
  public static List<PartitionField> fields(String text, int offset) throws BadValueException {
    List<PartitionField> fields = new ArrayList<>();
    int start = 0;
    while (start <= text.length()) {
      int end = text.indexOf(',', start);
      end = end < 0 ? text.length() : end;
      String entry = text.substring(start, end);
      int leading = entry.length() - entry.stripLeading().length();
      fields.add(field(entry.strip(), offset + start + leading));
      start = end + 1;
    }
    return fields;
  }

  private static PartitionField field(String text, int offset) throws BadValueException {
    int open = text.indexOf('(');
    if (open < 0) {
      if (text.isEmpty()) {
        throw new BadValueException("A column name is missing", "remove the extra comma", offset);
      }
      return new PartitionField(text, PartitionField.Transform.IDENTITY, 0);
    }
    String function = text.substring(0, open).strip().toLowerCase(Locale.ROOT);
    int bracket = function.indexOf('[');
    String name = bracket < 0 ? function : function.substring(0, bracket);
    PartitionField.Transform transform = transform(name, offset);
    boolean needsParameter =
        transform == PartitionField.Transform.BUCKET
            || transform == PartitionField.Transform.TRUNCATE;
    if (!text.endsWith(")") || needsParameter != (bracket >= 0)) {
      throw new BadValueException(
          Quoted.of(text) + " is not a partition transform",
          needsParameter ? "write '" + name + "[16](column)'" : "write '" + name + "(column)'",
          offset);
    }
    int parameter = needsParameter ? parameter(function, bracket, offset) : 0;
    String column = text.substring(open + 1, text.length() - 1).strip();
    if (column.isEmpty()) {
      throw new BadValueException(
          Quoted.of(text) + " names no column", "write the column in the parentheses", offset);
    }
    return new PartitionField(column, transform, parameter);
  }

  private static int parameter(String function, int bracket, int offset) throws BadValueException {
    String digits =
        function.endsWith("]")
            ? function.substring(bracket + 1, function.length() - 1).strip()
            : "";
    if (!digits.matches("[1-9][0-9]{0,8}")) {
      throw new BadValueException(
          Quoted.of(function) + " needs a number from 1",
          "write it in brackets, such as 'bucket[16](column)'",
          offset);
    }
    return Integer.parseInt(digits);
  }

  private static PartitionField.Transform transform(String name, int offset)
      throws BadValueException {
    List<String> names = new ArrayList<>();
    for (PartitionField.Transform transform : PartitionField.Transform.values()) {
      String known = transform.name().toLowerCase(Locale.ROOT);
      if (known.equals(name)) {
        return transform;
      }
      names.add(known);
    }
    throw new BadValueException(
        "Unknown partition transform " + Quoted.of(name),
        ClosestName.hint(name, names, "use one of " + String.join(", ", names)),
        offset);
  }

  @Override
  public String toString() {
    List<String> texts = new ArrayList<>();
    for (Table table : tables) {
      texts.add(
          table.pattern()
              + ":"
              + String.join(",", table.fields().stream().map(PartitionField::toString).toList()));
    }
    return String.join(";", texts);
  }
}
