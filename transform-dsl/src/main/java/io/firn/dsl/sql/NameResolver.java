package io.firn.dsl.sql;

import io.firn.dsl.finding.ClosestName;
import io.firn.dsl.finding.Quoted;
import io.firn.dsl.function.FunctionSpec;
import io.firn.dsl.function.Functions;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.calcite.avatica.util.TimeUnit;
import org.apache.calcite.sql.SqlBasicTypeNameSpec;
import org.apache.calcite.sql.SqlCall;
import org.apache.calcite.sql.SqlDataTypeSpec;
import org.apache.calcite.sql.SqlDynamicParam;
import org.apache.calcite.sql.SqlFunction;
import org.apache.calcite.sql.SqlIdentifier;
import org.apache.calcite.sql.SqlIntervalQualifier;
import org.apache.calcite.sql.SqlLiteral;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.SqlUserDefinedTypeNameSpec;
import org.apache.calcite.sql.fun.SqlTrimFunction;
import org.apache.calcite.sql.parser.SqlParserPos;
import org.apache.calcite.sql.type.SqlTypeName;
import org.apache.calcite.sql.util.SqlShuttle;

/**
 * Binds the names of a parsed expression: columns to their exact names, functions to their specs,
 * type names to Calcite's. Everything unknown is collected, so that all of it is reported at once;
 * whatever is not explicitly known here (queries, windows, parameters) is refused.
 */
final class NameResolver extends SqlShuttle {
  /** More levels are no expression that a person wrote, and would exhaust the stack. */
  private static final int MAX_DEPTH = 200;

  private static final Set<String> WITHOUT_PARENTHESES =
      Set.of("CURRENT_TIMESTAMP", "LOCALTIMESTAMP", "CURRENT_DATE", "CURRENT_TIME", "LOCALTIME");

  /** Names of types that other databases have. */
  private static final Map<String, SqlTypeName> TYPE_NAMES =
      Map.ofEntries(
          Map.entry("STRING", SqlTypeName.VARCHAR),
          Map.entry("TEXT", SqlTypeName.VARCHAR),
          Map.entry("BYTES", SqlTypeName.VARBINARY),
          Map.entry("BINARY", SqlTypeName.VARBINARY),
          Map.entry("BYTE", SqlTypeName.TINYINT),
          Map.entry("SHORT", SqlTypeName.SMALLINT),
          Map.entry("LONG", SqlTypeName.BIGINT),
          Map.entry("SIGNED", SqlTypeName.BIGINT),
          Map.entry("DATETIME", SqlTypeName.TIMESTAMP),
          Map.entry("TIMESTAMP_LTZ", SqlTypeName.TIMESTAMP_WITH_LOCAL_TIME_ZONE),
          Map.entry("TIMESTAMPTZ", SqlTypeName.TIMESTAMP_WITH_LOCAL_TIME_ZONE));

  private static final Map<TimeUnit, String> EXTRACTED =
      Map.ofEntries(
          Map.entry(TimeUnit.YEAR, "YEAR"),
          Map.entry(TimeUnit.QUARTER, "QUARTER"),
          Map.entry(TimeUnit.MONTH, "MONTH"),
          Map.entry(TimeUnit.WEEK, "WEEK"),
          Map.entry(TimeUnit.DAY, "DAYOFMONTH"),
          Map.entry(TimeUnit.DOY, "DAYOFYEAR"),
          Map.entry(TimeUnit.DOW, "DAYOFWEEK"),
          Map.entry(TimeUnit.HOUR, "HOUR"),
          Map.entry(TimeUnit.MINUTE, "MINUTE"),
          Map.entry(TimeUnit.SECOND, "SECOND"));

  private static final int MAX_DECIMAL_DIGITS = 38;

  private final Columns columns;
  private final List<SqlException> problems = new ArrayList<>();
  private final Set<String> used = new LinkedHashSet<>();
  private Volatility volatility = Volatility.NONE;
  private int depth;

  NameResolver(Columns columns) {
    this.columns = columns;
  }

  /** Everything that is not known. */
  List<SqlException> problems() {
    return problems;
  }

  /** The columns that the expression uses. */
  Set<String> used() {
    return used;
  }

  /** What the expression depends on besides the row. */
  Volatility volatility() {
    return volatility;
  }

  /** An identifier that can only be a column, wherever it is used. */
  static SqlIdentifier column(String name, SqlParserPos position) {
    SqlParserPos quoted = position.withQuoting(true);
    return new SqlIdentifier(List.of(name), null, quoted, List.of(quoted));
  }

  @Override
  public SqlNode visit(SqlIdentifier id) {
    if (id.names.size() > 1 || id.isStar()) {
      problems.add(
          new SqlException(
              id,
              id.isStar()
                  ? "A star cannot be part of an expression"
                  : "The column " + Quoted.of(id) + " is qualified",
              "name columns of the source table by their own name"));
      return id;
    }
    String name = id.getSimple();
    Optional<Columns.Column> column = columns.find(name);
    if (column.isPresent()) {
      used.add(column.get().name());
      volatility = volatility.and(column.get().volatility());
      return column(column.get().name(), id.getParserPosition());
    }
    if (!id.isComponentQuoted(0) && WITHOUT_PARENTHESES.contains(name.toUpperCase(Locale.ROOT))) {
      return call(name, List.of(), id);
    }
    problems.add(
        new SqlException(
            id,
            "Unknown column " + Quoted.of(name),
            ClosestName.hint(
                name, columns.names(), "the columns are " + String.join(", ", columns.names()))));
    return id;
  }

  @Override
  public SqlNode visit(SqlCall call) {
    if (++depth > MAX_DEPTH) {
      throw new SqlException(
          call, "The expression is nested deeper than " + MAX_DEPTH + " levels", "simplify it");
    }
    try {
      return resolve(call);
    } finally {
      depth--;
    }
  }

  private SqlNode resolve(SqlCall call) {
    if (Operators.isStandard(call.getOperator())) {
      return super.visit(call);
    }
    if (!(call.getOperator() instanceof SqlFunction)) {
      problems.add(
          new SqlException(
              call,
              Quoted.of(call.getOperator().getName()) + " cannot be used here",
              "see docs/functions.md for what can"));
      return call;
    }
    List<SqlNode> operands = call.getOperandList();
    return switch (call.getOperator().getName().toUpperCase(Locale.ROOT)) {
      case "TRIM" -> trim(call, operands);
      case "EXTRACT" -> extract(call, operands);
      case "FLOOR", "CEIL" -> {
        if (operands.size() > 1 && operands.get(1) instanceof SqlIntervalQualifier) {
          problems.add(
              new SqlException(
                  call, "Rounding times is not supported", "use DATE_FORMAT or CAST to DATE"));
          yield call;
        }
        yield call(call.getOperator().getName(), operands, call);
      }
      default -> call(call.getOperator().getName(), operands, call);
    };
  }

  private SqlNode trim(SqlCall call, List<SqlNode> operands) {
    if (operands.size() == 3
        && operands.get(0) instanceof SqlLiteral flag
        && flag.getValue() instanceof SqlTrimFunction.Flag side) {
      String name =
          switch (side) {
            case BOTH -> "TRIM";
            case LEADING -> "LTRIM";
            case TRAILING -> "RTRIM";
          };
      return call(name, List.of(operands.get(2), operands.get(1)), call);
    }
    return call("TRIM", operands, call);
  }

  private SqlNode extract(SqlCall call, List<SqlNode> operands) {
    TimeUnit unit =
        operands.get(0) instanceof SqlIntervalQualifier qualifier ? qualifier.getUnit() : null;
    String name = unit == null ? null : EXTRACTED.get(unit);
    if (name == null) {
      problems.add(
          new SqlException(
              call,
              "Unknown unit " + Quoted.of(operands.get(0)),
              "use YEAR, QUARTER, MONTH, WEEK, DAY, DOY, DOW, HOUR, MINUTE or SECOND"));
      return call;
    }
    return call(name, operands.subList(1, operands.size()), call);
  }

  private SqlNode call(String name, List<SqlNode> operands, SqlNode at) {
    Optional<FunctionSpec> spec = Functions.find(name);
    if (spec.isEmpty()) {
      problems.add(
          new SqlException(
              at,
              "Unknown function " + Quoted.of(name),
              ClosestName.hint(
                  name, Functions.names(), "see docs/functions.md for those there are")));
    }
    // With an argument, those of them that take one compute with it alone.
    if (spec.isPresent() && !spec.get().deterministic() && operands.isEmpty()) {
      volatility = volatility.and(Volatility.TIME);
    }
    List<SqlNode> resolved = new ArrayList<>();
    for (SqlNode operand : operands) {
      resolved.add(
          operand instanceof SqlIntervalQualifier qualifier
              ? SqlLiteral.createCharString(
                  qualifier.getUnit().name(), qualifier.getParserPosition())
              : operand.accept(this));
    }
    return spec.map(
            s -> (SqlNode) Operators.function(s).createCall(at.getParserPosition(), resolved))
        .orElse(at);
  }

  @Override
  public SqlNode visit(SqlDataTypeSpec type) {
    if (type.getTypeNameSpec() instanceof SqlUserDefinedTypeNameSpec) {
      String name = String.join(".", type.getTypeName().names);
      SqlTypeName known = TYPE_NAMES.get(name.toUpperCase(Locale.ROOT));
      if (known == null) {
        problems.add(
            new SqlException(
                type,
                "Unknown type " + Quoted.of(name),
                ClosestName.hint(
                    name,
                    TYPE_NAMES.keySet(),
                    "use BOOLEAN, INT, BIGINT, FLOAT, DOUBLE, DECIMAL(p,s), STRING, BYTES, DATE,"
                        + " TIME, TIMESTAMP or TIMESTAMP_LTZ")));
        return type;
      }
      return plain(known, type);
    }
    if (type.getTypeNameSpec() instanceof SqlBasicTypeNameSpec basic) {
      SqlTypeName name = SqlTypeName.get(basic.getTypeName().getSimple());
      boolean bounded = basic.getPrecision() >= 0;
      if (name == SqlTypeName.DECIMAL && (bounded && !fitsDecimal(basic))) {
        problems.add(
            new SqlException(
                type,
                "DECIMAL has at most " + MAX_DECIMAL_DIGITS + " digits, and a scale within them",
                "write DECIMAL(p,s) with p from 1 to 38 and s from 0 to p"));
        return type;
      }
      if (name == SqlTypeName.CHAR || name == SqlTypeName.VARCHAR) {
        // CHAR alone is CHAR(1) in SQL, but text of any length for those who come from MySQL.
        int length = bounded ? basic.getPrecision() : -1;
        return spec(new SqlBasicTypeNameSpec(SqlTypeName.VARCHAR, length, position(type)), type);
      }
      if (name == SqlTypeName.BINARY || name == SqlTypeName.VARBINARY) {
        return plain(SqlTypeName.VARBINARY, type);
      }
      if (name == SqlTypeName.FLOAT) {
        return plain(SqlTypeName.REAL, type);
      }
    }
    return type;
  }

  private static boolean fitsDecimal(SqlBasicTypeNameSpec type) {
    int scale = Math.max(0, type.getScale());
    return type.getPrecision() >= 1
        && type.getPrecision() <= MAX_DECIMAL_DIGITS
        && scale <= type.getPrecision();
  }

  private static SqlDataTypeSpec plain(SqlTypeName name, SqlDataTypeSpec type) {
    return spec(new SqlBasicTypeNameSpec(name, position(type)), type);
  }

  private static SqlDataTypeSpec spec(SqlBasicTypeNameSpec name, SqlDataTypeSpec type) {
    return new SqlDataTypeSpec(name, position(type));
  }

  private static SqlParserPos position(SqlNode node) {
    return node.getParserPosition();
  }

  @Override
  public SqlNode visit(SqlDynamicParam parameter) {
    problems.add(
        new SqlException(parameter, "A '?' has no meaning here", "write the value in its place"));
    return parameter;
  }
}
