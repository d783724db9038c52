package io.firn.dsl.table;

import io.firn.dsl.field.BadValueException;
import io.firn.dsl.finding.ClosestName;
import io.firn.dsl.finding.Quoted;
import io.firn.model.pattern.BadPatternException;
import io.firn.model.pattern.TablePattern;
import io.firn.model.schema.TableId;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * The write modes of several target tables, in the syntax of {@link PartitionKeys}: {@code
 * shop.orders:history;shop.\\.*:soft-delete}.
 *
 * @param tables in the order written
 */
public record WriteModes(List<Table> tables) {
  /** Every table is written in the usual mode. */
  public static final WriteModes NONE = new WriteModes(List.of());

  /** Copies the list. */
  public WriteModes {
    tables = List.copyOf(tables);
  }

  /**
   * The mode of the tables that a pattern names.
   *
   * @param pattern the target tables
   * @param mode how they are written
   */
  public record Table(TablePattern pattern, WriteMode mode) {}

  /** Reads the text. */
  public static WriteModes parse(String text) throws BadValueException {
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
    return new WriteModes(tables);
  }

  private static Table table(String entry, int offset) throws BadValueException {
    int colon = entry.lastIndexOf(':');
    if (colon < 0) {
      throw new BadValueException(
          Quoted.of(entry) + " names no mode",
          "write 'database.table:history', tables separated by ';'",
          offset);
    }
    String name = entry.substring(colon + 1);
    int leading = name.length() - name.stripLeading().length();
    WriteMode mode = mode(name.strip(), offset + colon + 1 + leading);
    try {
      return new Table(TablePattern.parse(entry.substring(0, colon)), mode);
    } catch (BadPatternException e) {
      throw BadValueException.of(e, offset);
    }
  }

  private static WriteMode mode(String name, int offset) throws BadValueException {
    for (WriteMode mode : WriteMode.values()) {
      if (mode.text().equals(name)) {
        return mode;
      }
    }
    List<String> names = Arrays.stream(WriteMode.values()).map(WriteMode::text).toList();
    throw new BadValueException(
        "Unknown write mode " + Quoted.of(name),
        ClosestName.hint(name, names, "use one of " + String.join(", ", names)),
        offset);
  }

  /** The mode of a target table, if it is given. */
  public Optional<WriteMode> of(TableId target) {
    return tables.stream()
        .filter(table -> table.pattern().matches(target))
        .findFirst()
        .map(Table::mode);
  }

  @Override
  public String toString() {
    return String.join(";", tables.stream().map(t -> t.pattern() + ":" + t.mode()).toList());
  }
}
