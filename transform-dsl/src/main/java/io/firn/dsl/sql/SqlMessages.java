package io.firn.dsl.sql;

import io.firn.dsl.finding.Quoted;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.calcite.runtime.CalciteContextException;
import org.apache.calcite.runtime.CalciteException;
import org.apache.calcite.sql.parser.SqlParseException;
import org.apache.calcite.sql.parser.SqlParserPos;

/** Calcite's messages in our form: one sentence with the place, and what to do. */
final class SqlMessages {
  private static final Pattern ENCOUNTERED = Pattern.compile("(?s)Encountered \"(.*?)\" at line");
  private static final Pattern NEAR_KEYWORD =
      Pattern.compile("Incorrect syntax near the keyword '(.*?)'");
  private static final Pattern CANNOT_APPLY =
      Pattern.compile("(?s)Cannot apply '(.*?)' to arguments of type '(.*?)'.*");

  private SqlMessages() {}

  static SqlException of(CalciteContextException e) {
    SqlParserPos position =
        new SqlParserPos(Math.max(1, e.getPosLine()), Math.max(1, e.getPosColumn()));
    Throwable cause = e.getCause() == null ? e : e.getCause();
    return of(cause.getMessage(), position);
  }

  static SqlException of(CalciteException e, SqlParserPos position) {
    return of(e.getMessage(), position);
  }

  private static SqlException of(String message, SqlParserPos position) {
    String text = String.valueOf(message);
    Matcher matcher = CANNOT_APPLY.matcher(text);
    if (matcher.matches()) {
      return new SqlException(
          position,
          Quoted.of(matcher.group(1))
              + " cannot be applied to "
              + Quoted.of(types(matcher.group(2))),
          "convert an operand with CAST");
    }
    int end = text.indexOf('\n');
    return new SqlException(
        position,
        Quoted.escape(types(end < 0 ? text : text.substring(0, end))),
        "see docs/functions.md for the types that operators and functions take");
  }

  /** Calcite's names of types, in the words of the documentation. */
  private static String types(String text) {
    return text.replaceAll("(VAR)?CHAR(\\(\\d+\\))?", "STRING")
        .replaceAll("(TIMESTAMP|TIME|TIMESTAMP_WITH_LOCAL_TIME_ZONE)\\(\\d\\)", "$1")
        .replace("TIMESTAMP_WITH_LOCAL_TIME_ZONE", "TIMESTAMP_LTZ");
  }

  /**
   * What the parser could not read.
   *
   * @param firstLine how many lines were put before the user's text
   */
  static SqlException of(SqlParseException e, int firstLine) {
    SqlParserPos at = e.getPos() == null ? new SqlParserPos(1 + firstLine, 1) : e.getPos();
    SqlParserPos position =
        new SqlParserPos(Math.max(1, at.getLineNum() - firstLine), at.getColumnNum());
    if (e.getCause() instanceof StackOverflowError) {
      return tooDeep();
    }
    String message = String.valueOf(e.getMessage());
    Matcher matcher = ENCOUNTERED.matcher(message);
    if (matcher.find()) {
      String found = matcher.group(1);
      if (found.contains("<EOF>")) {
        return new SqlException(position, "The expression ends too early", "complete it");
      }
      String word = found.split(" ", 2)[0];
      boolean name = word.matches("[A-Za-z_]+");
      return new SqlException(
          position,
          "Unexpected " + Quoted.of(word),
          name
              ? "if it is the name of a column, put it in backticks: `"
                  + word.toLowerCase(Locale.ROOT)
                  + "`"
              : "check the expression at this place");
    }
    Matcher keyword = NEAR_KEYWORD.matcher(message);
    if (keyword.find()) {
      return new SqlException(
          position,
          "Unexpected " + Quoted.of(keyword.group(1)),
          "check the expression before this place; names that are SQL words go into backticks");
    }
    if (message.contains("Lexical error")) {
      boolean quote = message.contains("\"\\\"\"");
      return new SqlException(
          lexicalPosition(message, firstLine, position),
          quote ? "A double quote has no meaning here" : "A character has no meaning here",
          "text goes into single quotes, names into backticks");
    }
    int end = message.indexOf('\n');
    return new SqlException(
        position,
        Quoted.escape(end < 0 ? message : message.substring(0, end)),
        "check the expression at this place");
  }

  private static SqlParserPos lexicalPosition(
      String message, int firstLine, SqlParserPos otherwise) {
    Matcher matcher = Pattern.compile("line (\\d+), column (\\d+)").matcher(message);
    return matcher.find()
        ? new SqlParserPos(
            Math.max(1, Integer.parseInt(matcher.group(1)) - firstLine),
            Integer.parseInt(matcher.group(2)))
        : otherwise;
  }

  static SqlException tooDeep() {
    return new SqlException(
        new SqlParserPos(1, 1), "The expression is nested too deeply", "simplify it");
  }
}
