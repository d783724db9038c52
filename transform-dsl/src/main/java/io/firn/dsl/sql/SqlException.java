package io.firn.dsl.sql;

import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.parser.SqlParserPos;

/** Something is wrong with an expression; becomes a finding, never leaves the package. */
final class SqlException extends RuntimeException {
  private static final long serialVersionUID = 1L;
  private final transient SqlParserPos position;
  private final String remedy;

  SqlException(SqlNode node, String message, String remedy) {
    this(node.getParserPosition(), message, remedy);
  }

  SqlException(SqlParserPos position, String message, String remedy) {
    super(message, null, false, false);
    this.position = position;
    this.remedy = remedy;
  }

  SqlParserPos position() {
    return position;
  }

  String remedy() {
    return remedy;
  }
}
