package io.firn.dsl.table;

import io.firn.dsl.field.BadValueException;
import io.firn.dsl.finding.Quoted;
import io.firn.model.schema.TableId;
import java.util.List;

/**
 * The name of a target table, possibly with {@code $1} for what a route's source pattern captured,
 * or with a symbol that stands for the source table's name.
 *
 * <p>Database and table are filled in separately, so a captured dot cannot shift the border between
 * them.
 *
 * @param database what becomes the database
 * @param table what becomes the table
 */
public record TableTemplate(String database, String table) {

  /** Reads {@code database.table}. */
  public static TableTemplate parse(String text) throws BadValueException {
    int dot = text.indexOf('.');
    if (dot <= 0 || dot == text.length() - 1 || text.indexOf('.', dot + 1) >= 0) {
      throw new BadValueException(
          Quoted.of(text) + " is not a table name", "write 'database.table' with one dot");
    }
    if (text.indexOf('\0') >= 0) {
      throw new BadValueException("A table name must not contain NUL", "remove it");
    }
    return new TableTemplate(text.substring(0, dot).strip(), text.substring(dot + 1).strip());
  }

  /** The highest group that is used, 0 for none. */
  public int highestGroup() {
    return Math.max(highestGroup(database), highestGroup(table));
  }

  private static int highestGroup(String text) {
    int highest = 0;
    for (int i = 0; i + 1 < text.length(); i++) {
      if (text.charAt(i) == '$' && Character.digit(text.charAt(i + 1), 10) >= 0) {
        highest = Math.max(highest, text.charAt(i + 1) - '0');
      }
    }
    return highest;
  }

  /** Fills in the captured groups ({@code groups.get(1)} for {@code $1}). */
  public TableId fill(List<String> groups) {
    return new TableId(fill(database, groups), fill(table, groups));
  }

  private static String fill(String text, List<String> groups) {
    StringBuilder out = new StringBuilder();
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      int group = c == '$' && i + 1 < text.length() ? Character.digit(text.charAt(i + 1), 10) : -1;
      if (group >= 0) {
        out.append(group < groups.size() ? groups.get(group) : "");
        i++;
      } else {
        out.append(c);
      }
    }
    return out.toString();
  }

  /** Puts the source table's own name where the symbol stands. */
  public TableId replace(String symbol, String tableName) {
    return new TableId(database.replace(symbol, tableName), table.replace(symbol, tableName));
  }

  @Override
  public String toString() {
    return database + "." + table;
  }
}
