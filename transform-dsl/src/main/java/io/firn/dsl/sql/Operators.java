package io.firn.dsl.sql;

import io.firn.dsl.function.FunctionSpec;
import io.firn.dsl.function.Functions;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.calcite.sql.SqlOperator;
import org.apache.calcite.sql.SqlOperatorTable;
import org.apache.calcite.sql.fun.SqlLibraryOperators;
import org.apache.calcite.sql.fun.SqlStdOperatorTable;
import org.apache.calcite.sql.util.SqlOperatorTables;

/** The operators and functions that expressions may use: nothing else is ever looked up. */
final class Operators {
  private Operators() {}

  /** Operators with a syntax of their own; all other functions come from {@link Functions}. */
  private static final List<SqlOperator> STANDARD =
      List.of(
          SqlStdOperatorTable.AND,
          SqlStdOperatorTable.OR,
          SqlStdOperatorTable.NOT,
          SqlStdOperatorTable.EQUALS,
          SqlStdOperatorTable.NOT_EQUALS,
          SqlStdOperatorTable.LESS_THAN,
          SqlStdOperatorTable.LESS_THAN_OR_EQUAL,
          SqlStdOperatorTable.GREATER_THAN,
          SqlStdOperatorTable.GREATER_THAN_OR_EQUAL,
          SqlStdOperatorTable.IS_DISTINCT_FROM,
          SqlStdOperatorTable.IS_NOT_DISTINCT_FROM,
          SqlStdOperatorTable.IS_NULL,
          SqlStdOperatorTable.IS_NOT_NULL,
          SqlStdOperatorTable.IS_TRUE,
          SqlStdOperatorTable.IS_NOT_TRUE,
          SqlStdOperatorTable.IS_FALSE,
          SqlStdOperatorTable.IS_NOT_FALSE,
          SqlStdOperatorTable.IS_UNKNOWN,
          SqlStdOperatorTable.IS_NOT_UNKNOWN,
          SqlStdOperatorTable.PLUS,
          SqlStdOperatorTable.MINUS,
          SqlStdOperatorTable.MULTIPLY,
          SqlStdOperatorTable.DIVIDE,
          SqlStdOperatorTable.PERCENT_REMAINDER,
          SqlStdOperatorTable.UNARY_MINUS,
          SqlStdOperatorTable.UNARY_PLUS,
          SqlStdOperatorTable.CONCAT,
          SqlStdOperatorTable.LIKE,
          SqlStdOperatorTable.NOT_LIKE,
          SqlStdOperatorTable.BETWEEN,
          SqlStdOperatorTable.NOT_BETWEEN,
          SqlStdOperatorTable.IN,
          SqlStdOperatorTable.NOT_IN,
          SqlStdOperatorTable.CASE,
          SqlStdOperatorTable.CAST,
          SqlLibraryOperators.TRY_CAST,
          SqlLibraryOperators.SAFE_CAST);

  private static final Map<String, SpecFunction> FUNCTIONS = functions();

  private static final SqlOperatorTable TABLE = table();

  private static Map<String, SpecFunction> functions() {
    Map<String, SpecFunction> functions = new HashMap<>();
    for (FunctionSpec spec : Functions.all()) {
      functions.put(spec.name(), new SpecFunction(spec));
    }
    return Map.copyOf(functions);
  }

  private static SqlOperatorTable table() {
    List<SqlOperator> all = new ArrayList<>(STANDARD);
    all.addAll(FUNCTIONS.values());
    return SqlOperatorTables.of(all);
  }

  static SqlOperatorTable all() {
    return TABLE;
  }

  /** Whether an operator that the parser put into a call may be used as it is. */
  static boolean isStandard(SqlOperator operator) {
    return STANDARD.stream().anyMatch(standard -> standard == operator);
  }

  static SpecFunction function(FunctionSpec spec) {
    return FUNCTIONS.get(spec.name());
  }
}
