package io.firn.source.ddl;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * The words of an SQL statement: identifiers, keywords, literals and punctuation, without comments.
 *
 * <p>Only as much of a lexer as is needed to find out which tables a statement concerns and which
 * columns it renames; it never fails, whatever the statement.
 */
final class Tokens {

  /**
   * One word.
   *
   * @param text the word; for a quoted identifier what is between the quotes
   * @param kind what it is
   * @param start where it begins in the statement
   * @param end where it ends in the statement
   */
  record Token(String text, Kind kind, int start, int end) {
    boolean is(String keyword) {
      return kind == Kind.WORD && text.equalsIgnoreCase(keyword);
    }

    boolean isSymbol(char symbol) {
      return kind == Kind.SYMBOL && text.charAt(0) == symbol;
    }

    boolean isName() {
      return kind == Kind.WORD || kind == Kind.QUOTED;
    }
  }

  /** What a token is. */
  enum Kind {
    WORD,
    QUOTED,
    LITERAL,
    SYMBOL,
    END
  }

  private static final Token END = new Token("", Kind.END, -1, -1);

  private final List<Token> tokens = new ArrayList<>();
  private final boolean ansiQuotes;
  private final boolean backslashEscapes;

  private Tokens(String sql, boolean ansiQuotes, boolean backslashEscapes) {
    this.ansiQuotes = ansiQuotes;
    this.backslashEscapes = backslashEscapes;
    scan(sql);
  }

  /** The words of a statement in the servers' default dialect. */
  static Tokens of(String sql) {
    return new Tokens(sql, false, true);
  }

  /**
   * The words of a statement in another dialect.
   *
   * @param ansiQuotes whether double quotes enclose names
   * @param backslashEscapes whether a backslash in a literal escapes what follows
   */
  static Tokens of(String sql, boolean ansiQuotes, boolean backslashEscapes) {
    return new Tokens(sql, ansiQuotes, backslashEscapes);
  }

  /** The token at an index; an END token beyond the last. */
  Token get(int index) {
    return index >= 0 && index < tokens.size() ? tokens.get(index) : END;
  }

  int size() {
    return tokens.size();
  }

  /** Passes over {@code IF EXISTS} and {@code IF NOT EXISTS}. */
  int skipIf(int index) {
    if (!get(index).is("IF")) {
      return index;
    }
    return get(index + 1).is("NOT") ? index + 3 : index + 2;
  }

  private void scan(String sql) {
    int i = 0;
    while (i < sql.length()) {
      char c = sql.charAt(i);
      if (Character.isWhitespace(c)) {
        i++;
      } else if (c == '#' || c == '-' && isLineComment(sql, i)) {
        i = endOfLine(sql, i);
      } else if (c == '/' && sql.startsWith("/*", i)) {
        i = comment(sql, i);
      } else if (c == '*' && sql.startsWith("*/", i)) {
        i += 2; // the end of an executable comment
      } else if (c == '`' || c == '"' && ansiQuotes) {
        i = quoted(sql, i, Kind.QUOTED);
      } else if (c == '\'' || c == '"') {
        i = quoted(sql, i, Kind.LITERAL);
      } else if (isWordPart(c) || c == '.' && isNumberAfterDot(sql, i)) {
        int end = Character.isDigit(c) || c == '.' ? endOfNumber(sql, i) : i;
        while (end < sql.length() && isWordPart(sql.charAt(end))) {
          end++;
        }
        tokens.add(new Token(sql.substring(i, end), Kind.WORD, i, end));
        i = end;
      } else {
        tokens.add(new Token(String.valueOf(c), Kind.SYMBOL, i, i + 1));
        i++;
      }
    }
  }

  private static boolean isLineComment(String sql, int i) {
    return sql.startsWith("--", i)
        && (i + 2 >= sql.length() || Character.isWhitespace(sql.charAt(i + 2)));
  }

  private static int endOfLine(String sql, int i) {
    int end = sql.indexOf('\n', i);
    return end < 0 ? sql.length() : end + 1;
  }

  /** Passes over a comment; what is in an executable comment is read as part of the statement. */
  private static int comment(String sql, int i) {
    boolean executable = sql.startsWith("/*!", i) || sql.startsWith("/*M!", i);
    if (!executable) {
      int end = sql.indexOf("*/", i + 2);
      return end < 0 ? sql.length() : end + 2;
    }
    int next = sql.indexOf('!', i) + 1;
    while (next < sql.length() && Character.isDigit(sql.charAt(next))) {
      next++;
    }
    return next;
  }

  private int quoted(String sql, int start, Kind kind) {
    char quote = sql.charAt(start);
    StringBuilder text = new StringBuilder();
    int i = start + 1;
    while (i < sql.length()) {
      char c = sql.charAt(i);
      if (c == '\\' && backslashEscapes && kind == Kind.LITERAL && i + 1 < sql.length()) {
        text.append(unescape(sql.charAt(i + 1)));
        i += 2;
      } else if (c == quote) {
        if (i + 1 < sql.length() && sql.charAt(i + 1) == quote) {
          text.append(quote);
          i += 2;
        } else {
          break;
        }
      } else {
        text.append(c);
        i++;
      }
    }
    int end = Math.min(i + 1, sql.length());
    tokens.add(new Token(text.toString(), kind, start, end));
    return end;
  }

  /** Whether a dot begins a number, and does not separate a qualified name. */
  private boolean isNumberAfterDot(String sql, int dot) {
    Token last = tokens.isEmpty() ? END : tokens.get(tokens.size() - 1);
    return dot + 1 < sql.length()
        && Character.isDigit(sql.charAt(dot + 1))
        && (last.kind() == Kind.SYMBOL || last.is("DEFAULT"));
  }

  private static int endOfNumber(String sql, int start) {
    int i = digits(sql, start);
    if (i < sql.length() && sql.charAt(i) == '.') {
      i = digits(sql, i + 1);
    }
    if (i < sql.length() && (sql.charAt(i) == 'e' || sql.charAt(i) == 'E')) {
      int exponent = i + 1;
      if (exponent < sql.length() && (sql.charAt(exponent) == '-' || sql.charAt(exponent) == '+')) {
        exponent++;
      }
      int end = digits(sql, exponent);
      i = end > exponent ? end : i;
    }
    return i;
  }

  private static int digits(String sql, int start) {
    int i = start;
    while (i < sql.length() && Character.isDigit(sql.charAt(i))) {
      i++;
    }
    return i;
  }

  private static boolean isWordPart(char c) {
    return Character.isLetterOrDigit(c) || c == '_' || c == '$' || c > 0x7f;
  }

  private static char unescape(char c) {
    return switch (c) {
      case 'n' -> '\n';
      case 't' -> '\t';
      case 'r' -> '\r';
      case '0' -> '\0';
      case 'b' -> '\b';
      case 'Z' -> '\u001a';
      default -> c;
    };
  }

  @Override
  public String toString() {
    StringBuilder text = new StringBuilder();
    for (Token token : tokens) {
      text.append(text.length() == 0 ? "" : " ").append(token.text().toLowerCase(Locale.ROOT));
    }
    return text.toString();
  }
}
