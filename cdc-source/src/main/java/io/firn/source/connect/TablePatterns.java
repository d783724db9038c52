package io.firn.source.connect;

import io.firn.model.error.ConfigurationException;
import io.firn.model.schema.TableId;
import io.firn.source.Texts;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/**
 * Which tables are captured, in Flink CDC's syntax: patterns separated by commas, each a database
 * and a table separated by a dot; both are regular expressions that must match the whole name, and
 * a dot inside them that stands for any character is written {@code \.}.
 *
 * <p>The expressions are only ever applied to names of tables, never to data.
 *
 * <p><b>Threading</b>: immutable.
 */
public final class TablePatterns implements Predicate<TableId> {

  /**
   * One pattern.
   *
   * @param text as written
   * @param database for the database
   * @param table for the table
   */
  private record Part(String text, Pattern database, Pattern table) {
    boolean matches(TableId id) {
      return database.matcher(id.database()).matches() && table.matcher(id.name()).matches();
    }
  }

  private final List<Part> includes;
  private final List<Part> excludes;

  private TablePatterns(List<Part> includes, List<Part> excludes) {
    this.includes = includes;
    this.excludes = excludes;
  }

  /**
   * Reads {@code tables} and {@code tables.exclude}.
   *
   * @param tables patterns of captured tables, at least one
   * @param exclude patterns of tables that are left out all the same; may be empty or null
   * @throws ConfigurationException if a pattern is malformed
   */
  public static TablePatterns parse(String tables, String exclude) {
    List<Part> includes = parts(tables, "tables");
    if (includes.isEmpty()) {
      throw new ConfigurationException(
          "Reading 'tables' failed: it names no table; write patterns such as 'shop\\.orders'.");
    }
    return new TablePatterns(
        includes, exclude == null ? List.of() : parts(exclude, "tables.exclude"));
  }

  /** Exactly these tables. */
  public static TablePatterns exactly(List<TableId> tables) {
    List<Part> parts = new ArrayList<>();
    for (TableId id : tables) {
      parts.add(
          new Part(
              id.toString(),
              Pattern.compile(Pattern.quote(id.database())),
              Pattern.compile(Pattern.quote(id.name()))));
    }
    return new TablePatterns(parts, List.of());
  }

  @Override
  public boolean test(TableId id) {
    return includes.stream().anyMatch(part -> part.matches(id))
        && excludes.stream().noneMatch(part -> part.matches(id));
  }

  /** The patterns of captured tables, as written, that match none of these tables. */
  public List<String> withoutMatch(List<TableId> tables) {
    return includes.stream()
        .filter(part -> tables.stream().noneMatch(part::matches))
        .map(Part::text)
        .toList();
  }

  private static List<Part> parts(String text, String option) {
    List<Part> parts = new ArrayList<>();
    for (String pattern : split(text, ',')) {
      String trimmed = pattern.trim();
      if (!trimmed.isEmpty()) {
        parts.add(part(trimmed, option));
      }
    }
    return parts;
  }

  private static Part part(String text, String option) {
    List<String> names = split(text, '.');
    if (names.size() != 2 || names.get(0).isEmpty() || names.get(1).isEmpty()) {
      throw new ConfigurationException(
          "Reading '"
              + option
              + "' failed: '"
              + Texts.quote(text)
              + "' is not a database and a table separated by one dot; write a dot that stands for"
              + " any character as '\\.'.");
    }
    return new Part(text, compile(names.get(0), option), compile(names.get(1), option));
  }

  private static Pattern compile(String part, String option) {
    try {
      return Pattern.compile(part.replace("\\.", "."));
    } catch (PatternSyntaxException e) {
      throw new ConfigurationException(
          "Reading '"
              + option
              + "' failed: '"
              + Texts.quote(part)
              + "' is not a regular expression: "
              + e.getDescription()
              + ".",
          e);
    }
  }

  /** Splits at a separator that is neither escaped nor inside brackets or braces. */
  private static List<String> split(String text, char separator) {
    List<String> parts = new ArrayList<>();
    StringBuilder part = new StringBuilder();
    int depth = 0;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '\\' && i + 1 < text.length()) {
        part.append(c).append(text.charAt(i + 1));
        i++;
        continue;
      }
      if (c == '[' || c == '{') {
        depth++;
      } else if (c == ']' || c == '}') {
        depth--;
      }
      if (c == separator && depth <= 0) {
        parts.add(part.toString());
        part.setLength(0);
      } else {
        part.append(c);
      }
    }
    parts.add(part.toString());
    return parts;
  }

  @Override
  public String toString() {
    return includes.stream().map(Part::text).toList()
        + " without "
        + excludes.stream().map(Part::text).toList();
  }
}
