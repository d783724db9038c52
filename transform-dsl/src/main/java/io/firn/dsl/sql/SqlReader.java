package io.firn.dsl.sql;

import io.firn.dsl.finding.Findings;
import io.firn.dsl.spec.SqlText;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.calcite.config.Lex;
import org.apache.calcite.sql.SqlCall;
import org.apache.calcite.sql.SqlIdentifier;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.SqlSelect;
import org.apache.calcite.sql.parser.SqlParseException;
import org.apache.calcite.sql.parser.SqlParser;
import org.apache.calcite.sql.parser.SqlParserPos;
import org.apache.calcite.sql.validate.SqlConformance;
import org.apache.calcite.sql.validate.SqlConformanceEnum;

/** Parses projections and filters with Calcite's parser: syntax only, no names are looked at. */
public final class SqlReader {
  static final SqlConformance CONFORMANCE = SqlConformanceEnum.MYSQL_5;

  private static final int MAX_CHARACTERS = 50_000;
  private static final String SELECT = "SELECT\n";

  private SqlReader() {}

  /** One item of a projection. */
  public sealed interface Item {
    /** Where it stands in the projection's text. */
    SqlParserPos position();

    /** All columns of the source. */
    record Star(SqlParserPos position) implements Item {}

    /** Leaves out a column of the star. */
    record Without(String column, SqlParserPos position) implements Item {}

    /** A column as it is, under its own name. */
    record Plain(String column, SqlNode node, SqlParserPos position) implements Item {}

    /** An expression with a name; {@code sql} is the expression as written, on one line. */
    record Named(SqlNode node, String name, String sql, SqlParserPos position) implements Item {}
  }

  /** The items of a projection, or empty after noting what is wrong. */
  public static Optional<List<Item>> projection(SqlText text, String path, Findings findings) {
    try {
      SqlNode node = parser(SELECT + unescapeStars(text.text())).parseQuery();
      if (!(node instanceof SqlSelect select) || !isListOnly(select)) {
        throw new SqlException(
            new SqlParserPos(1, 1),
            "The projection is more than a list of columns",
            "write only what stands between SELECT and FROM; conditions go into 'filter'");
      }
      List<Item> items = new ArrayList<>();
      List<String> pieces = pieces(text.text());
      int index = 0;
      boolean complete = true;
      for (SqlNode item : select.getSelectList()) {
        String piece = index < pieces.size() ? pieces.get(index) : "";
        index++;
        try {
          items.add(item(item, piece));
        } catch (SqlException e) {
          note(e, text, path, findings);
          complete = false;
        }
      }
      return complete ? Optional.of(items) : Optional.empty();
    } catch (SqlParseException e) {
      note(SqlMessages.of(e, 1), text, path, findings);
    } catch (SqlException e) {
      note(e, text, path, findings);
    } catch (StackOverflowError e) {
      note(SqlMessages.tooDeep(), text, path, findings);
    }
    return Optional.empty();
  }

  /** The condition of a filter, or empty after noting what is wrong. */
  public static Optional<SqlNode> filter(SqlText text, String path, Findings findings) {
    try {
      return Optional.of(parser(text.text()).parseExpression());
    } catch (SqlParseException e) {
      note(SqlMessages.of(e, 0), text, path, findings);
    } catch (SqlException e) {
      note(e, text, path, findings);
    } catch (StackOverflowError e) {
      note(SqlMessages.tooDeep(), text, path, findings);
    }
    return Optional.empty();
  }

  private static SqlParser parser(String sql) {
    if (sql.length() > MAX_CHARACTERS) {
      throw new SqlException(
          new SqlParserPos(1, 1),
          "The expression is longer than " + MAX_CHARACTERS + " characters",
          "shorten it");
    }
    return SqlParser.create(
        sql,
        SqlParser.config()
            .withLex(Lex.JAVA)
            .withConformance(CONFORMANCE)
            .withIdentifierMaxLength(256));
  }

  private static void note(SqlException problem, SqlText text, String path, Findings findings) {
    SqlParserPos position = problem.position();
    findings.error(
        text.at(position.getLineNum(), position.getColumnNum()),
        path,
        problem.getMessage(),
        problem.remedy());
  }

  /** YAML would take a leading star for an alias, so Flink CDC's files write {@code \*}. */
  private static String unescapeStars(String text) {
    StringBuilder out = new StringBuilder(text);
    char quote = 0;
    for (int i = 0; i < out.length(); i++) {
      char c = out.charAt(i);
      if (quote != 0) {
        quote = c == quote ? 0 : quote;
      } else if (c == '\'' || c == '`') {
        quote = c;
      } else if (c == '\\' && i + 1 < out.length() && out.charAt(i + 1) == '*') {
        out.setCharAt(i, ' ');
      }
    }
    return out.toString();
  }

  private static boolean isListOnly(SqlSelect select) {
    return select.getFrom() == null
        && select.getWhere() == null
        && select.getGroup() == null
        && select.getHaving() == null
        && select.getOrderList() == null
        && select.getFetch() == null
        && select.getOffset() == null
        && !select.isDistinct();
  }

  private static Item item(SqlNode node, String piece) {
    SqlParserPos position = inText(node.getParserPosition());
    if (node instanceof SqlIdentifier id) {
      if (id.isStar() && id.names.size() == 1) {
        return new Item.Star(position);
      }
      if (id.isSimple()) {
        return new Item.Plain(id.getSimple(), id, position);
      }
      throw new SqlException(
          position, "A column is qualified", "name columns of the source table by their own name");
    }
    if (node instanceof SqlCall call && call.getKind() == SqlKind.AS) {
      if (call.operandCount() == 2
          && call.operand(1) instanceof SqlIdentifier name
          && name.isSimple()) {
        return new Item.Named(
            call.operand(0),
            name.getSimple(),
            withoutName(piece, name.getSimple()),
            inText(name.getParserPosition()));
      }
      throw new SqlException(position, "The name after AS is not a single name", "write AS name");
    }
    if (node instanceof SqlCall call
        && call.getKind() == SqlKind.MINUS_PREFIX
        && call.operand(0) instanceof SqlIdentifier id
        && id.isSimple()) {
      return new Item.Without(id.getSimple(), position);
    }
    throw new SqlException(
        position, "The expression has no name", "give it one: 'expression AS name'");
  }

  private static SqlParserPos inText(SqlParserPos position) {
    return new SqlParserPos(position.getLineNum() - 1, position.getColumnNum());
  }

  /** The text of each item, cut at the commas that are in no parentheses or quotes. */
  private static List<String> pieces(String text) {
    List<String> pieces = new ArrayList<>();
    int depth = 0;
    int start = 0;
    char quote = 0;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (quote != 0) {
        quote = c == quote ? 0 : quote;
      } else if (c == '\'' || c == '`') {
        quote = c;
      } else if (c == '(' || c == '[') {
        depth++;
      } else if (c == ')' || c == ']') {
        depth--;
      } else if (c == ',' && depth == 0) {
        pieces.add(text.substring(start, i));
        start = i + 1;
      }
    }
    pieces.add(text.substring(start));
    return pieces;
  }

  /** A piece without the name at its end, on one line. */
  private static String withoutName(String piece, String name) {
    int at = piece.lastIndexOf(name);
    String sql = (at < 0 ? piece : piece.substring(0, at)).strip();
    sql = sql.endsWith("`") ? sql.substring(0, sql.length() - 1).strip() : sql;
    if (sql.regionMatches(true, sql.length() - 3, " AS", 0, 3)
        || sql.regionMatches(true, sql.length() - 3, ")AS", 0, 3)) {
      sql = sql.substring(0, sql.length() - 2).strip();
    }
    return sql.replaceAll("\\s+", " ");
  }
}
