package io.firn.source.ddl;

import io.firn.model.schema.TableId;
import io.firn.source.ddl.Tokens.Token;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
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
    /** Rows as a statement, which a binlog in row format does not have. */
    CHANGE_ROWS,
    OTHER
  }

  private static final Set<String> CHANGES_OF_ROWS =
      Set.of("INSERT", "REPLACE", "UPDATE", "DELETE", "LOAD", "WITH");

  private final Tokens tokens;
  private final String currentDatabase;
  private final boolean lowerCaseNames;
  private final List<TableId> tables = new ArrayList<>();
  private Kind kind = Kind.OTHER;
  private String database;
  private boolean replaces;
  private boolean ignore;
  private boolean onlyIfMissing;
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

  /** The clauses of an ALTER TABLE. */
  AlterClauses clauses() {
    return new AlterClauses(tokens, body);
  }

  /** The clause that renames the table itself, if there is one: the new name; otherwise null. */
  TableId renamedTo() {
    int next = kind == Kind.ALTER_TABLE ? clauses().newTableName() : -1;
    return next < 0 ? null : name(next).table;
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
   * The primary key that a CREATE TABLE defines, names as written; null if the statement does not
   * list columns, as CREATE TABLE ... LIKE.
   */
  List<String> createdKey() {
    int i = body;
    while (i < tokens.size() && !tokens.get(i).isSymbol('(')) {
      if (tokens.get(i).is("LIKE") || tokens.get(i).is("SELECT") || tokens.get(i).is("AS")) {
        return null;
      }
      i++;
    }
    if (tokens.get(i + 1).is("LIKE")) {
      return null;
    }
    List<String> key = List.of();
    for (int[] element : AlterClauses.elements(tokens, i + 1)) {
      List<String> found = KeyClauses.ofElement(tokens, element[0], element[1]);
      key = found == null ? key : found;
    }
    return key;
  }

  /** Whether an ALTER TABLE drops rows or changes values that do not fit, instead of failing. */
  boolean ignoresErrors() {
    return ignore;
  }

  /** Whether CREATE TABLE leaves a table alone that exists. */
  boolean onlyIfMissing() {
    return onlyIfMissing;
  }

  /** Whether the words {@code SYSTEM VERSIONING} occur, without WITHOUT. */
  boolean versionsRows() {
    for (int i = body; i < tokens.size(); i++) {
      if (tokens.get(i).is("SYSTEM")
          && tokens.get(i + 1).is("VERSIONING")
          && !tokens.get(i - 1).is("WITHOUT")
          && !tokens.get(i - 1).is("DROP")) {
        return true;
      }
    }
    return false;
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
        ignore |= tokens.get(i).is("IGNORE");
        i++;
      }
      if (isDatabase(tokens.get(i))) {
        defineDatabase(i + 1);
      } else if (tokens.get(i).is("TABLE")) {
        one(Kind.ALTER_TABLE, tokens.skipIf(i + 1));
        addExchanged();
      }
    } else if (verb.is("CREATE")) {
      if (tokens.get(i).is("OR") && tokens.get(i + 1).is("REPLACE")) {
        i += 2;
        replaces = true;
      }
      if (isDatabase(tokens.get(i))) {
        defineDatabase(tokens.skipIf(i + 1));
      } else if (tokens.get(i).is("TABLE")) {
        onlyIfMissing = tokens.get(i + 1).is("IF");
        one(Kind.CREATE_TABLE, tokens.skipIf(i + 1));
      }
    } else if (verb.is("DROP")) {
      if (tokens.get(i).is("TABLE") || tokens.get(i).is("TABLES")) {
        list(Kind.DROP_TABLE, tokens.skipIf(i + 1));
      } else if (isDatabase(tokens.get(i))) {
        kind = Kind.DROP_DATABASE;
        database = normal(tokens.get(tokens.skipIf(i + 1)).text());
      }
    } else if (verb.is("RENAME") && (tokens.get(i).is("TABLE") || tokens.get(i).is("TABLES"))) {
      list(Kind.RENAME_TABLE, tokens.skipIf(i + 1));
    } else if (CHANGES_OF_ROWS.contains(verb.text().toUpperCase(Locale.ROOT))) {
      kind = Kind.CHANGE_ROWS;
      for (int word = i; word < tokens.size(); word++) {
        Name name = name(word);
        if (name.table != null) {
          tables.add(name.table);
        }
      }
    }
  }

  /** The table on the other side, when a partition is exchanged with or made of a table. */
  private void addExchanged() {
    for (int i = body; i < tokens.size(); i++) {
      boolean other =
          tokens.get(i).is("TABLE")
              && (tokens.get(i - 1).is("WITH")
                  || tokens.get(i - 1).is("TO")
                  || tokens.get(i - 1).is("CONVERT"));
      Name name = other ? name(i + 1) : new Name(null, i);
      if (name.table != null) {
        tables.add(name.table);
      }
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
    if (!tokens.get(i).isName() || tokens.get(i).text().isEmpty()) {
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
