package io.firn.model.pattern;

import com.google.re2j.Matcher;
import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import io.firn.model.schema.TableId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A comma-separated list of table names, each of which may be a regular expression, in Flink CDC's
 * syntax: a plain dot separates database and table, and a dot that belongs to the expression is
 * written {@code \.}, as in {@code shop.\.*} or {@code db[1-3].order_\d+}.
 *
 * <p>Matching is by RE2/J, in linear time whatever the expression; names are compared with case. An
 * expression without a plain dot is matched against {@code database.table} as a whole.
 *
 * <p><b>Threading</b>: immutable.
 */
public final class TablePattern {
  /** Cannot occur in a name, so a match cannot reach across it. */
  private static final char SEPARATOR = '\0';

  private final String text;
  private final List<Alternative> alternatives;

  private TablePattern(String text, List<Alternative> alternatives) {
    this.text = text;
    this.alternatives = List.copyOf(alternatives);
  }

  private record Alternative(String text, int offset, Pattern regex, boolean parted) {
    Matcher matcher(TableId table) {
      return regex.matcher(table.database() + (parted ? SEPARATOR : '.') + table.name());
    }
  }

  /**
   * Reads a list.
   *
   * @throws BadPatternException if an expression is not valid, with its place in the text
   */
  public static TablePattern parse(String text) throws BadPatternException {
    List<Alternative> alternatives = new ArrayList<>();
    for (Piece piece : split(text, ',', 0)) {
      if (!piece.text().isBlank()) {
        alternatives.add(alternative(piece));
      }
    }
    if (alternatives.isEmpty()) {
      throw new BadPatternException(
          "names no table", text, "write at least one, such as 'shop.orders'", 0);
    }
    return new TablePattern(text, alternatives);
  }

  private static Alternative alternative(Piece piece) throws BadPatternException {
    int leading = piece.text().length() - piece.text().stripLeading().length();
    String name = piece.text().strip();
    int offset = piece.offset() + leading;
    List<Piece> parts = split(name, '.', offset);
    if (parts.size() > 2) {
      throw new BadPatternException(
          "has more than two parts",
          name,
          "a plain dot separates database and table; write dots of the expression as '\\.'",
          parts.get(2).offset() - 1);
    }
    StringBuilder regex = new StringBuilder();
    for (Piece part : parts) {
      String expression = part.text().strip();
      if (expression.isEmpty()) {
        throw new BadPatternException(
            "has an empty part",
            name,
            "write 'database.table', or 'database.\\.*' for all tables",
            part.offset());
      }
      expression = expression.replace("\\.", ".").replace("\\,", ",");
      compile(expression, part.offset());
      regex.append(regex.isEmpty() ? "" : "\\x00").append("(?:").append(expression).append(')');
    }
    return new Alternative(name, offset, compile(regex.toString(), offset), parts.size() == 2);
  }

  private static Pattern compile(String regex, int offset) throws BadPatternException {
    try {
      return BoundedRegex.compile(regex, Pattern.DOTALL);
    } catch (PatternSyntaxException e) {
      throw new BadPatternException(
          "is not a regular expression: " + e.getDescription(),
          regex,
          "use RE2 syntax (no look-around or back-references)",
          offset);
    }
  }

  private record Piece(String text, int offset) {}

  /** Splits at separators that are neither escaped nor within braces or brackets. */
  private static List<Piece> split(String text, char separator, int offset) {
    List<Piece> pieces = new ArrayList<>();
    int start = 0;
    boolean braces = false;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '\\') {
        i++;
      } else if (c == '{' && text.indexOf('}', i) > 0) {
        braces = true;
      } else if (c == '}') {
        braces = false;
      } else if (c == separator && !braces) {
        pieces.add(new Piece(text.substring(start, i), offset + start));
        start = i + 1;
      }
    }
    pieces.add(new Piece(text.substring(start), offset + start));
    return pieces;
  }

  /** Whether the table is one of those named. */
  public boolean matches(TableId table) {
    return alternatives.stream().anyMatch(a -> a.matcher(table).matches());
  }

  /**
   * The capture groups of the first alternative that matches: element 0 is the whole name, the
   * following ones are {@code $1} and so on; a group that took no part is empty.
   */
  public Optional<List<String>> match(TableId table) {
    for (Alternative alternative : alternatives) {
      Matcher matcher = alternative.matcher(table);
      if (matcher.matches()) {
        List<String> groups = new ArrayList<>();
        groups.add(table.toString());
        for (int i = 1; i <= matcher.groupCount(); i++) {
          groups.add(matcher.group(i) == null ? "" : matcher.group(i));
        }
        return Optional.of(groups);
      }
    }
    return Optional.empty();
  }

  /** The fewest capture groups that any alternative has. */
  public int groupCount() {
    return alternatives.stream().mapToInt(a -> a.regex().groupCount()).min().orElse(0);
  }

  /** Each name or expression of the list, with its place in the text, for findings. */
  public List<Part> parts() {
    return alternatives.stream()
        .map(a -> new Part(a.text(), a.offset(), table -> a.matcher(table).matches()))
        .toList();
  }

  /** One name or expression of the list. */
  public record Part(String text, int offset, java.util.function.Predicate<TableId> matcher) {}

  @Override
  public boolean equals(Object other) {
    return other instanceof TablePattern that && text.equals(that.text);
  }

  @Override
  public int hashCode() {
    return text.hashCode();
  }

  /** As it was written. */
  @Override
  public String toString() {
    return text;
  }
}
