package io.firn.source.ddl;

import io.firn.source.ddl.Tokens.Token;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** What the clauses of an ALTER TABLE do, as far as Debezium's parser does not tell. */
final class AlterClauses {
  private static final Set<String> COLUMN_RENAME_STOPPERS =
      Set.of("TABLE", "TO", "AS", "INDEX", "KEY", "COLUMN");
  private static final Set<String> COLUMN_CLAUSES =
      Set.of(
          "ADD",
          "DROP",
          "MODIFY",
          "CHANGE",
          "ALTER",
          "RENAME",
          "CONVERT",
          "DEFAULT",
          "CHARACTER",
          "CHARSET",
          "COLLATE");
  private static final Set<String> INDEX_WORDS =
      Set.of(
          "INDEX",
          "KEY",
          "UNIQUE",
          "FULLTEXT",
          "SPATIAL",
          "FOREIGN",
          "CHECK",
          "CONSTRAINT",
          "PARTITION");

  private final Tokens tokens;
  private final int body;

  /**
   * @param body index of the first token behind the table's name
   */
  AlterClauses(Tokens tokens, int body) {
    this.tokens = tokens;
    this.body = body;
  }

  /** The columns that an ALTER TABLE renames, old name to new name. */
  Map<String, String> renamedColumns() {
    Map<String, String> names = new LinkedHashMap<>();
    for (int clause : clauses()) {
      Token first = tokens.get(clause);
      if (first.is("CHANGE")) {
        int old = clause + 1;
        if (tokens.get(old).is("COLUMN")
            && tokens.get(old + 2).isName()
            && !isSymbolic(tokens.get(old + 1))) {
          old++;
        }
        if (tokens.get(old).is("IF") && tokens.get(old + 1).is("EXISTS")) {
          old += 2;
        }
        put(names, tokens.get(old).text(), tokens.get(old + 1).text());
      } else if (first.is("RENAME") && tokens.get(clause + 1).is("COLUMN")) {
        int old = clause + 2;
        if (tokens.get(old).is("IF") && tokens.get(old + 1).is("EXISTS")) {
          old += 2;
        }
        put(names, tokens.get(old).text(), tokens.get(old + 2).text());
      }
    }
    return names;
  }

  /** The default values of the columns that an ALTER TABLE adds, by column name. */
  Map<String, DefaultClause> addedDefaults() {
    Map<String, DefaultClause> defaults = new LinkedHashMap<>();
    for (int clause : clauses()) {
      if (!tokens.get(clause).is("ADD")) {
        continue;
      }
      int end = clause;
      int depth = 0;
      while (end < tokens.size() && !(depth == 0 && tokens.get(end).isSymbol(','))) {
        depth += depthChange(tokens.get(end));
        end++;
      }
      for (int[] element : addedElements(clause, end)) {
        int name = element[0];
        defaults.put(tokens.get(name).text(), DefaultClause.of(tokens, name + 1, element[1]));
      }
    }
    return defaults;
  }

  /**
   * The primary key after an ALTER TABLE, names as written.
   *
   * @param before the key before it, with the new names of renamed columns
   */
  List<String> alteredKey(List<String> before) {
    List<String> key = before;
    List<Integer> starts = clauses();
    for (int n = 0; n < starts.size(); n++) {
      int clause = starts.get(n);
      int end = n + 1 < starts.size() ? starts.get(n + 1) - 1 : tokens.size();
      Token first = tokens.get(clause);
      if (first.is("DROP") && tokens.get(clause + 1).is("PRIMARY")) {
        key = List.of();
      } else if (first.is("ADD")) {
        for (int[] element : addedElements(clause, end)) {
          List<String> found = KeyClauses.ofElement(tokens, element[0], element[1]);
          key = found == null ? key : found;
        }
      } else if (first.is("MODIFY") || first.is("CHANGE")) {
        int name = tokens.skipIf(clause + (tokens.get(clause + 1).is("COLUMN") ? 2 : 1));
        name += first.is("CHANGE") ? 1 : 0;
        if (KeyClauses.isKeyColumn(tokens, name + 1, end)) {
          key = List.of(tokens.get(name).text());
        }
      }
    }
    return key;
  }

  /** The columns that an ALTER TABLE drops, names as written. */
  Set<String> droppedColumns() {
    Set<String> names = new HashSet<>();
    for (int clause : clauses()) {
      if (tokens.get(clause).is("DROP")) {
        boolean column = tokens.get(clause + 1).is("COLUMN");
        names.add(tokens.get(tokens.skipIf(clause + (column ? 2 : 1))).text());
      }
    }
    return names;
  }

  /** Whether an ALTER TABLE says how a column that exists is computed. */
  boolean redefinesGeneratedColumn() {
    List<Integer> starts = clauses();
    for (int n = 0; n < starts.size(); n++) {
      Token first = tokens.get(starts.get(n));
      int end = n + 1 < starts.size() ? starts.get(n + 1) : tokens.size();
      if (first.is("MODIFY") || first.is("CHANGE")) {
        int depth = 0;
        for (int i = starts.get(n); i < end; i++) {
          depth += depthChange(tokens.get(i));
          if (depth == 0 && tokens.get(i).is("AS") && tokens.get(i + 1).isSymbol('(')) {
            return true;
          }
        }
      }
    }
    return false;
  }

  /**
   * Whether an ALTER TABLE may change columns or the primary key; false for indexes, partitions and
   * options of the table, in which no parser needs to be interested.
   */
  boolean concernsColumns() {
    for (int clause : clauses()) {
      Token first = tokens.get(clause);
      if (first.kind() == Tokens.Kind.WORD
          && COLUMN_CLAUSES.contains(first.text().toUpperCase(Locale.ROOT))
          && !isIndexClause(clause)) {
        return true;
      }
    }
    for (int i = body; i < tokens.size(); i++) {
      // Options of a table need no comma between them.
      Token token = tokens.get(i);
      if (token.is("CHARSET") || token.is("CHARACTER") || token.is("COLLATE")) {
        return true;
      }
    }
    return false;
  }

  /** Whether a unique index or key is added. */
  boolean addsUniqueKey() {
    for (int clause : clauses()) {
      for (int i = clause; tokens.get(clause).is("ADD") && i < tokens.size(); i++) {
        if (tokens.get(i).is("UNIQUE") || tokens.get(i).is("PRIMARY")) {
          return true;
        }
      }
    }
    return false;
  }

  /** The columns that are added only if the table does not have them, names as written. */
  Set<String> addedIfMissing() {
    Set<String> names = new HashSet<>();
    for (int clause : clauses()) {
      int next = clause + (tokens.get(clause + 1).is("COLUMN") ? 2 : 1);
      if (tokens.get(clause).is("ADD") && tokens.get(next).is("IF")) {
        names.add(tokens.get(tokens.skipIf(next)).text());
      }
    }
    return names;
  }

  private boolean isIndexClause(int clause) {
    int next = clause + 1;
    if (tokens.get(clause).is("ADD") && tokens.get(next).is("CONSTRAINT")) {
      boolean named = !tokens.get(next + 1).is("PRIMARY") && !isIndexWord(tokens.get(next + 1));
      next += named ? 2 : 1;
    }
    return isIndexWord(tokens.get(next));
  }

  private static boolean isIndexWord(Token token) {
    return token.kind() == Tokens.Kind.WORD
        && INDEX_WORDS.contains(token.text().toUpperCase(Locale.ROOT));
  }

  /**
   * The first clause of an ALTER TABLE that removes or replaces rows without a trace in the binlog,
   * or null: dropping, truncating and exchanging partitions, discarding and importing tablespaces.
   */
  String rowsBypassingClause() {
    for (int clause : clauses()) {
      Token first = tokens.get(clause);
      Token second = tokens.get(clause + 1);
      boolean partition =
          (second.is("PARTITION") || second.is("TABLE") && first.is("CONVERT"))
              && (first.is("DROP")
                  || first.is("TRUNCATE")
                  || first.is("EXCHANGE")
                  || first.is("DISCARD")
                  || first.is("IMPORT")
                  || first.is("CONVERT"));
      boolean tablespace = second.is("TABLESPACE") && (first.is("DISCARD") || first.is("IMPORT"));
      if (partition || tablespace) {
        return first.text().toUpperCase(Locale.ROOT) + " " + second.text().toUpperCase(Locale.ROOT);
      }
    }
    return null;
  }

  /** What an ADD clause adds: one element, or those of a list. */
  private List<int[]> addedElements(int clause, int end) {
    int next = tokens.skipIf(clause + (tokens.get(clause + 1).is("COLUMN") ? 2 : 1));
    return tokens.get(next).isSymbol('(')
        ? elements(tokens, next + 1)
        : List.of(new int[] {next, end});
  }

  /** The parts of a list that begins at a token, up to its closing parenthesis. */
  static List<int[]> elements(Tokens tokens, int first) {
    List<int[]> elements = new ArrayList<>();
    int start = first;
    int depth = 0;
    for (int i = first; i < tokens.size() && depth >= 0; i++) {
      Token token = tokens.get(i);
      depth += depthChange(token);
      if (depth < 0 || depth == 0 && token.isSymbol(',')) {
        elements.add(new int[] {start, i});
        start = i + 1;
      }
    }
    return elements;
  }

  private static boolean isSymbolic(Token token) {
    return !token.isName();
  }

  private static void put(Map<String, String> names, String from, String to) {
    if (!from.equals(to)) {
      names.put(from, to);
    }
  }

  /** Indexes of the first tokens of the clauses of an ALTER TABLE. */
  private List<Integer> clauses() {
    List<Integer> starts = new ArrayList<>();
    int depth = 0;
    boolean atStart = true;
    for (int i = body; i < tokens.size(); i++) {
      Token token = tokens.get(i);
      if (atStart) {
        starts.add(i);
        atStart = false;
      }
      if (token.isSymbol('(')) {
        depth++;
      } else if (token.isSymbol(')')) {
        depth--;
      } else if (token.isSymbol(',') && depth == 0) {
        atStart = true;
      }
    }
    return starts;
  }

  static int depthChange(Token token) {
    return token.isSymbol('(') ? 1 : token.isSymbol(')') ? -1 : 0;
  }

  /** Where the new name of the table begins, if a clause renames it; otherwise -1. */
  int newTableName() {
    for (int clause : clauses()) {
      if (tokens.get(clause).is("RENAME")) {
        int next = clause + 1;
        Token token = tokens.get(next);
        if (token.kind() == Tokens.Kind.WORD
            && COLUMN_RENAME_STOPPERS.contains(token.text().toUpperCase(Locale.ROOT))) {
          if (!token.is("TO") && !token.is("AS")) {
            continue;
          }
          next++;
        } else if (token.isSymbol('=')) {
          next++;
        }
        return next;
      }
    }
    return -1;
  }
}
