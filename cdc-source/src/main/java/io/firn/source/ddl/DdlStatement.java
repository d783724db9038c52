package io.firn.source.ddl;

import io.firn.model.schema.TableId;
import io.firn.source.ddl.Tokens.Token;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What a DDL statement is about, as far as that can be told without parsing it: its kind, the
 * tables it names and the columns it renames. Statements of no interest are {@link Kind#OTHER}.
 */
final class DdlStatement {

  /** Kinds of statements that may concern captured tables. */
  enum Kind {
    CREATE_TABLE,
    ALTER_TABLE,
    DROP_TABLE,
    RENAME_TABLE,
    TRUNCATE_TABLE,
    DROP_DATABASE,
    DEFINE_DATABASE,
    OTHER
  }

  private static final Set<String> COLUMN_RENAME_STOPPERS =
      Set.of("TABLE", "TO", "AS", "INDEX", "KEY", "COLUMN");

  private final Tokens tokens;
  private final String currentDatabase;
  private final boolean lowerCaseNames;
  private final List<TableId> tables = new ArrayList<>();
  private Kind kind = Kind.OTHER;
  private String database;
  private boolean replaces;
  private int body;

  private DdlStatement(Tokens tokens, String currentDatabase, boolean lowerCaseNames) {
    this.tokens = tokens;
    this.currentDatabase = currentDatabase;
    this.lowerCaseNames = lowerCaseNames;
    read(skipPrefix());
  }

  /**
   * Looks at a statement.
   *
   * @param currentDatabase the database that unqualified names belong to; may be empty
   * @param lowerCaseNames whether the server keeps table names in lower case
   */
  static DdlStatement of(String sql, String currentDatabase, boolean lowerCaseNames) {
    return new DdlStatement(Tokens.of(sql), currentDatabase, lowerCaseNames);
  }

  Kind kind() {
    return kind;
  }

  /** The tables that the statement is about, in order; for a rename old, new, old, new, ... */
  List<TableId> tables() {
    return tables;
  }

  /** Whether it is CREATE OR REPLACE. */
  boolean replaces() {
    return replaces;
  }

  /** The character set that the statement names, by itself or through a collation. */
  Optional<String> charset() {
    for (int i = 0; i < tokens.size(); i++) {
      Token token = tokens.get(i);
      int value = i + 1;
      if (token.is("CHARACTER") && tokens.get(i + 1).is("SET")) {
        value = i + 2;
      } else if (!token.is("CHARSET") && !token.is("COLLATE")) {
        continue;
      }
      String name = tokens.get(tokens.get(value).isSymbol('=') ? value + 1 : value).text();
      int underscore = name.indexOf('_');
      return Optional.of(
          token.is("COLLATE") && underscore > 0 ? name.substring(0, underscore) : name);
    }
    return Optional.empty();
  }

  /** The database of statements about one, otherwise null. */
  String database() {
    return database;
  }

  /**
   * Whether a key that Debezium's parser found is the primary key: the parser also takes the first
   * unique index for one.
   */
  boolean definesPrimaryKey() {
    return tokens.contains("PRIMARY") || !(tokens.contains("UNIQUE") || tokens.contains("SERIAL"));
  }

  /** Whether the words PRIMARY or KEY, in the sense of a primary key, may occur. */
  boolean mentionsPrimaryKey() {
    return tokens.contains("PRIMARY");
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
      int next = tokens.get(clause + 1).is("COLUMN") ? clause + 2 : clause + 1;
      next = skipIf(next);
      if (tokens.get(next).isSymbol('(')) {
        addedList(next + 1, defaults);
      } else {
        int end = next;
        int depth = 0;
        while (end < tokens.size() && !(depth == 0 && tokens.get(end).isSymbol(','))) {
          depth += depthChange(tokens.get(end));
          end++;
        }
        defaults.put(tokens.get(next).text(), DefaultClause.of(tokens, next + 1, end));
      }
    }
    return defaults;
  }

  private void addedList(int first, Map<String, DefaultClause> defaults) {
    int start = first;
    int depth = 0;
    for (int i = first; i < tokens.size() && depth >= 0; i++) {
      Token token = tokens.get(i);
      depth += depthChange(token);
      if (depth < 0 || depth == 0 && token.isSymbol(',')) {
        defaults.put(tokens.get(start).text(), DefaultClause.of(tokens, start + 1, i));
        start = i + 1;
      }
    }
  }

  private static int depthChange(Token token) {
    return token.isSymbol('(') ? 1 : token.isSymbol(')') ? -1 : 0;
  }

  private static boolean isSymbolic(Token token) {
    return !token.isName();
  }

  private static void put(Map<String, String> names, String from, String to) {
    if (!from.equals(to)) {
      names.put(from, to);
    }
  }

  /** The clause that renames the table itself, if there is one: the new name. */
  TableId renamedTo() {
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
        return name(next).table;
      }
    }
    return null;
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
          second.is("PARTITION")
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

  /** Indexes of the first tokens of the clauses of an ALTER TABLE. */
  private List<Integer> clauses() {
    List<Integer> starts = new ArrayList<>();
    if (kind != Kind.ALTER_TABLE) {
      return starts;
    }
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

  /** Passes over {@code SET STATEMENT a=b FOR}, MariaDB's prefix. */
  private int skipPrefix() {
    if (tokens.get(0).is("SET") && tokens.get(1).is("STATEMENT")) {
      for (int i = 2; i < tokens.size(); i++) {
        if (tokens.get(i).is("FOR")) {
          return i + 1;
        }
      }
    }
    return 0;
  }

  private void read(int start) {
    Token verb = tokens.get(start);
    int i = start + 1;
    if (verb.is("TRUNCATE")) {
      i = tokens.get(i).is("TABLE") ? i + 1 : i;
      one(Kind.TRUNCATE_TABLE, i);
    } else if (verb.is("ALTER")) {
      while (tokens.get(i).is("ONLINE") || tokens.get(i).is("IGNORE")) {
        i++;
      }
      if (isDatabase(tokens.get(i))) {
        defineDatabase(i + 1);
      } else if (tokens.get(i).is("TABLE")) {
        one(Kind.ALTER_TABLE, skipIf(i + 1));
      }
    } else if (verb.is("CREATE")) {
      if (tokens.get(i).is("OR") && tokens.get(i + 1).is("REPLACE")) {
        i += 2;
        replaces = true;
      }
      if (isDatabase(tokens.get(i))) {
        defineDatabase(skipIf(i + 1));
      } else if (tokens.get(i).is("TABLE")) {
        one(Kind.CREATE_TABLE, skipIf(i + 1));
      }
    } else if (verb.is("DROP")) {
      if (tokens.get(i).is("TABLE") || tokens.get(i).is("TABLES")) {
        list(Kind.DROP_TABLE, skipIf(i + 1));
      } else if (isDatabase(tokens.get(i))) {
        kind = Kind.DROP_DATABASE;
        database = normal(tokens.get(skipIf(i + 1)).text());
      }
    } else if (verb.is("RENAME") && (tokens.get(i).is("TABLE") || tokens.get(i).is("TABLES"))) {
      list(Kind.RENAME_TABLE, skipIf(i + 1));
    }
  }

  private static boolean isDatabase(Token token) {
    return token.is("DATABASE") || token.is("SCHEMA");
  }

  private void defineDatabase(int i) {
    kind = Kind.DEFINE_DATABASE;
    // ALTER DATABASE without a name means the current one.
    boolean option =
        tokens.get(i).is("CHARACTER")
            || tokens.get(i).is("CHARSET")
            || tokens.get(i).is("COLLATE")
            || tokens.get(i).is("DEFAULT");
    database = normal(option || !tokens.get(i).isName() ? currentDatabase : tokens.get(i).text());
  }

  private int skipIf(int i) {
    if (!tokens.get(i).is("IF")) {
      return i;
    }
    return tokens.get(i + 1).is("NOT") ? i + 3 : i + 2;
  }

  private void one(Kind statementKind, int i) {
    Name name = name(i);
    if (name.table != null) {
      kind = statementKind;
      tables.add(name.table);
      body = skipWait(name.next);
    }
  }

  /** Passes over MariaDB's {@code WAIT n} and {@code NOWAIT}. */
  private int skipWait(int i) {
    if (tokens.get(i).is("NOWAIT")) {
      return i + 1;
    }
    return tokens.get(i).is("WAIT") ? i + 2 : i;
  }

  private void list(Kind statementKind, int start) {
    kind = statementKind;
    int i = start;
    while (tokens.get(i).isName()) {
      Name name = name(i);
      if (name.table != null) {
        tables.add(name.table);
      }
      i = name.next;
      // Between names: a comma, or TO in a rename; MariaDB allows WAIT n before it.
      while (i < tokens.size() && !tokens.get(i).isSymbol(',') && !tokens.get(i).is("TO")) {
        i++;
      }
      i++;
    }
  }

  private record Name(TableId table, int next) {}

  /** A table name, qualified or not, at a token. */
  private Name name(int i) {
    if (!tokens.get(i).isName()) {
      return new Name(null, i + 1);
    }
    if (tokens.get(i + 1).isSymbol('.') && tokens.get(i + 2).isName()) {
      return new Name(
          new TableId(normal(tokens.get(i).text()), normal(tokens.get(i + 2).text())), i + 3);
    }
    if (currentDatabase == null || currentDatabase.isEmpty()) {
      return new Name(null, i + 1);
    }
    return new Name(new TableId(normal(currentDatabase), normal(tokens.get(i).text())), i + 1);
  }

  private String normal(String name) {
    return lowerCaseNames ? name.toLowerCase(Locale.ROOT) : name;
  }
}
