package io.firn.source.ddl;

import io.firn.source.ddl.Tokens.Token;

/**
 * The default value in a column's definition, as written. Debezium's parser loses signs, escapes
 * and what CURRENT_TIMESTAMP means, so this is read from the statement itself.
 *
 * @param kind what kind of value
 * @param text the value: text without quotes, digits with their sign; empty where kind says it all
 */
record DefaultClause(Kind kind, String text) {

  /** Kinds of defaults. */
  enum Kind {
    /** No DEFAULT is written. */
    NONE,
    /** DEFAULT NULL. */
    NULL,
    /** A quoted text. */
    TEXT,
    /** A number. */
    NUMBER,
    /** Binary digits: b'101'. */
    BITS,
    /** Hexadecimal digits: x'AF' or 0xAF. */
    HEX,
    /** TRUE or FALSE. */
    BOOLEAN,
    /** The time of the statement. */
    NOW,
    /** A value that differs from row to row: an expression, a generated or a counted column. */
    PER_ROW
  }

  static final DefaultClause NONE = new DefaultClause(Kind.NONE, "");
  private static final DefaultClause PER_ROW = new DefaultClause(Kind.PER_ROW, "");

  /** Reads the definition in the tokens from {@code from} to {@code to}. */
  static DefaultClause of(Tokens tokens, int from, int to) {
    int depth = 0;
    for (int i = from; i < to; i++) {
      Token token = tokens.get(i);
      if (token.isSymbol('(')) {
        depth++;
      } else if (token.isSymbol(')')) {
        depth--;
      } else if (depth == 0) {
        boolean generated = token.is("AS") && tokens.get(i + 1).isSymbol('(');
        if (generated || token.is("AUTO_INCREMENT") || token.is("SERIAL")) {
          return PER_ROW;
        }
        if (token.is("DEFAULT")) {
          return value(tokens, i + 1);
        }
      }
    }
    return NONE;
  }

  private static DefaultClause value(Tokens tokens, int index) {
    Token token = tokens.get(index);
    Token next = tokens.get(index + 1);
    if (token.isSymbol('-') || token.isSymbol('+')) {
      return new DefaultClause(Kind.NUMBER, (token.isSymbol('-') ? "-" : "") + next.text());
    }
    if (token.kind() == Tokens.Kind.LITERAL) {
      return new DefaultClause(Kind.TEXT, token.text());
    }
    if (token.kind() != Tokens.Kind.WORD) {
      return PER_ROW;
    }
    if (next.kind() == Tokens.Kind.LITERAL) {
      if (token.is("b")) {
        return new DefaultClause(Kind.BITS, next.text());
      }
      if (token.is("x")) {
        return new DefaultClause(Kind.HEX, next.text());
      }
      if (token.is("N") || token.text().startsWith("_")) {
        return new DefaultClause(Kind.TEXT, next.text());
      }
    }
    if (token.is("NULL")) {
      return new DefaultClause(Kind.NULL, "");
    }
    if (token.is("TRUE") || token.is("FALSE")) {
      return new DefaultClause(Kind.BOOLEAN, token.text());
    }
    if (token.is("CURRENT_TIMESTAMP")
        || token.is("NOW")
        || token.is("LOCALTIME")
        || token.is("LOCALTIMESTAMP")) {
      return new DefaultClause(Kind.NOW, "");
    }
    String text = token.text();
    if (text.startsWith("0x")) {
      return new DefaultClause(Kind.HEX, text.substring(2));
    }
    if (text.startsWith("0b")) {
      return new DefaultClause(Kind.BITS, text.substring(2));
    }
    char first = text.charAt(0);
    return Character.isDigit(first) || first == '.'
        ? new DefaultClause(Kind.NUMBER, text)
        : PER_ROW;
  }
}
