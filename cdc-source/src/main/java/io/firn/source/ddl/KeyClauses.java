package io.firn.source.ddl;

import io.firn.source.ddl.Tokens.Token;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * Reads primary keys from the words of a statement. Debezium's parser takes a unique index for one
 * where there is none, so its answer is not used.
 */
final class KeyClauses {
  private static final Set<String> NO_COLUMN =
      Set.of("INDEX", "KEY", "UNIQUE", "FULLTEXT", "SPATIAL", "FOREIGN", "CHECK", "LIKE");

  private KeyClauses() {}

  /**
   * The key that one element of a table's definition gives it: a column definition or {@code
   * PRIMARY KEY (...)}.
   *
   * @param from index of the element's first token
   * @param to index behind its last token
   * @return the names as written; null if the element says nothing about the primary key
   */
  static List<String> ofElement(Tokens tokens, int from, int to) {
    int first = from;
    if (tokens.get(first).is("CONSTRAINT")) {
      first++;
      if (!tokens.get(first).is("PRIMARY") && !isKeyword(tokens.get(first))) {
        first++; // the constraint's name
      }
    }
    if (tokens.get(first).is("PRIMARY") && tokens.get(first + 1).is("KEY")) {
      return columns(tokens, first + 2, to);
    }
    if (first != from || isKeyword(tokens.get(first))) {
      return null;
    }
    return isKeyColumn(tokens, from + 1, to) ? List.of(tokens.get(from).text()) : null;
  }

  /** Whether the column definition in these tokens says {@code [PRIMARY] KEY}. */
  static boolean isKeyColumn(Tokens tokens, int from, int to) {
    int depth = 0;
    for (int i = from; i < to; i++) {
      Token token = tokens.get(i);
      depth += AlterClauses.depthChange(token);
      boolean key = token.is("KEY") && !tokens.get(i - 1).is("UNIQUE");
      if (depth == 0 && (key || token.is("PRIMARY"))) {
        return true;
      }
    }
    return false;
  }

  private static boolean isKeyword(Token token) {
    return token.kind() == Tokens.Kind.WORD
        && NO_COLUMN.contains(token.text().toUpperCase(Locale.ROOT));
  }

  /** The first word of each part of the parenthesised list: prefixes and orders do not matter. */
  private static List<String> columns(Tokens tokens, int from, int to) {
    int i = from;
    while (i < to && !tokens.get(i).isSymbol('(')) {
      i++;
    }
    List<String> names = new ArrayList<>();
    int depth = 0;
    boolean expected = false;
    for (; i < to; i++) {
      Token token = tokens.get(i);
      depth += AlterClauses.depthChange(token);
      if (depth == 0) {
        break;
      }
      if (expected) {
        names.add(token.text());
        expected = false;
      } else if (depth == 1 && (token.isSymbol(',') || names.isEmpty())) {
        expected = true;
      }
    }
    return names;
  }
}
