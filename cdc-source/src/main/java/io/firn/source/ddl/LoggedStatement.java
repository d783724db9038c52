package io.firn.source.ddl;

import io.firn.source.ddl.Tokens.Token;

/**
 * A statement of the binlog, with what its text means.
 *
 * @param sql its text
 * @param database the session's current database; may be empty
 * @param sqlMode the session's SQL mode, as the server's bits
 */
public record LoggedStatement(String sql, String database, long sqlMode) {
  // Both servers use the same bits for these.
  private static final long REAL_AS_FLOAT = 1;
  private static final long ANSI_QUOTES = 1L << 2;
  private static final long NO_BACKSLASH_ESCAPES = 1L << 20;
  private static final long STRICT_TRANS_TABLES = 1L << 21;
  private static final long STRICT_ALL_TABLES = 1L << 22;

  /** A statement in the servers' default dialect, of a strict session. */
  public static LoggedStatement of(String sql, String database) {
    return new LoggedStatement(sql, database, STRICT_TRANS_TABLES);
  }

  /** Whether a value that does not fit made the statement fail, instead of being changed. */
  boolean strict() {
    return (sqlMode & (STRICT_TRANS_TABLES | STRICT_ALL_TABLES)) != 0;
  }

  /**
   * The statement as a session with the default dialect would have written it: names in backticks,
   * backslashes in literals escaped, no REAL where it means FLOAT.
   */
  String inDefaultDialect() {
    if ((sqlMode & (REAL_AS_FLOAT | ANSI_QUOTES | NO_BACKSLASH_ESCAPES)) == 0) {
      return sql;
    }
    boolean backslashEscapes = (sqlMode & NO_BACKSLASH_ESCAPES) == 0;
    Tokens tokens = Tokens.of(sql, (sqlMode & ANSI_QUOTES) != 0, backslashEscapes);
    StringBuilder text = new StringBuilder();
    int copied = 0;
    for (int i = 0; i < tokens.size(); i++) {
      Token token = tokens.get(i);
      String replacement = null;
      if (token.kind() == Tokens.Kind.QUOTED && sql.charAt(token.start()) == '"') {
        replacement = '`' + token.text().replace("`", "``") + '`';
      } else if (token.kind() == Tokens.Kind.LITERAL && !backslashEscapes) {
        replacement = '\'' + token.text().replace("\\", "\\\\").replace("'", "''") + '\'';
      } else if (token.is("REAL") && (sqlMode & REAL_AS_FLOAT) != 0) {
        replacement = "FLOAT";
      }
      if (replacement != null) {
        text.append(sql, copied, token.start()).append(replacement);
        copied = token.end();
      }
    }
    return text.append(sql, copied, sql.length()).toString();
  }
}
