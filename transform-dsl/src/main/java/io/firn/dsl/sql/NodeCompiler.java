package io.firn.dsl.sql;

import io.firn.dsl.expression.Arithmetic;
import io.firn.dsl.expression.Cast;
import io.firn.dsl.expression.Comparison;
import io.firn.dsl.expression.Conversion;
import io.firn.dsl.expression.EvaluationException;
import io.firn.dsl.expression.Expression;
import io.firn.dsl.expression.Literal;
import io.firn.dsl.expression.Logic;
import io.firn.dsl.expression.RowScope;
import io.firn.dsl.expression.Session;
import io.firn.dsl.expression.ValueType;
import io.firn.dsl.expression.ValueType.Kind;
import io.firn.dsl.function.Signature;
import java.util.ArrayList;
import java.util.List;
import org.apache.calcite.sql.SqlCall;
import org.apache.calcite.sql.SqlIdentifier;
import org.apache.calcite.sql.SqlIntervalLiteral;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.SqlLiteral;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.fun.SqlCase;
import org.apache.calcite.sql.validate.SqlValidator;

/**
 * Turns a validated tree into expressions. Values are made to fit where an operator needs it; text
 * is never silently taken for a number or a date, unless it is a constant that is one.
 */
final class NodeCompiler {
  private final SqlValidator validator;
  private final Columns columns;
  private final Session session;
  private final ComparisonCompiler comparisons;

  NodeCompiler(SqlValidator validator, Columns columns, Session session) {
    this.validator = validator;
    this.columns = columns;
    this.session = session;
    this.comparisons = new ComparisonCompiler(this, session);
  }

  /** An expression and the type of its values. */
  record Typed(Expression expression, ValueType type) {}

  Typed compile(SqlNode node) {
    if (node instanceof SqlLiteral literal) {
      return Literals.compile(validator.resolveLiteral(literal), typeOf(node), node);
    }
    if (node instanceof SqlIdentifier id) {
      Columns.Column column = columns.find(id.getSimple()).orElseThrow();
      if (column.type().kind() == Kind.OTHER) {
        throw new SqlException(
            id,
            "The column "
                + io.firn.dsl.finding.Quoted.of(column.name())
                + " has a type that expressions cannot work with",
            "pass it on as it is, without an expression around it");
      }
      return new Typed(column.expression(), column.type());
    }
    if (node instanceof SqlCall call) {
      return call(call);
    }
    throw new SqlException(node, "This cannot be used here", "see docs/functions.md for what can");
  }

  private ValueType typeOf(SqlNode node) {
    return SqlTypes.fromSql(validator.getValidatedNodeType(node));
  }

  private Typed call(SqlCall call) {
    return switch (call.getKind()) {
      case AND -> logic(call, true);
      case OR -> logic(call, false);
      case NOT -> bool(Logic.not(operand(call, 0).expression()), call);
      case EQUALS -> comparisons.comparison(call, Comparison.Operator.EQUALS);
      case NOT_EQUALS -> comparisons.comparison(call, Comparison.Operator.NOT_EQUALS);
      case LESS_THAN -> comparisons.comparison(call, Comparison.Operator.LESS);
      case LESS_THAN_OR_EQUAL -> comparisons.comparison(call, Comparison.Operator.LESS_OR_EQUAL);
      case GREATER_THAN -> comparisons.comparison(call, Comparison.Operator.GREATER);
      case GREATER_THAN_OR_EQUAL ->
          comparisons.comparison(call, Comparison.Operator.GREATER_OR_EQUAL);
      case IS_DISTINCT_FROM, IS_NOT_DISTINCT_FROM -> comparisons.distinct(call);
      case IS_NULL, IS_UNKNOWN -> bool(Logic.isNull(operand(call, 0).expression()), call);
      case IS_NOT_NULL -> bool(Logic.isNotNull(operand(call, 0).expression()), call);
      case IS_TRUE -> bool(Logic.is(operand(call, 0).expression(), true, false), call);
      case IS_NOT_TRUE -> bool(Logic.is(operand(call, 0).expression(), true, true), call);
      case IS_FALSE -> bool(Logic.is(operand(call, 0).expression(), false, false), call);
      case IS_NOT_FALSE -> bool(Logic.is(operand(call, 0).expression(), false, true), call);
      case BETWEEN -> comparisons.between(call);
      case IN, NOT_IN -> comparisons.in(call);
      case LIKE -> bool(LikeCompiler.compile(call, this), call);
      case CASE -> choose((SqlCase) call);
      case PLUS -> sum(call, Arithmetic.Operator.PLUS);
      case MINUS -> sum(call, Arithmetic.Operator.MINUS);
      case TIMES -> arithmetic(call, Arithmetic.Operator.TIMES);
      case DIVIDE -> arithmetic(call, Arithmetic.Operator.DIVIDE);
      case MOD -> arithmetic(call, Arithmetic.Operator.REMAINDER);
      case MINUS_PREFIX -> {
        Typed value = operand(call, 0);
        yield fold(call, Arithmetic.negate(value.expression(), value.type()), value.type(), value);
      }
      case PLUS_PREFIX -> operand(call, 0);
      case CAST, SAFE_CAST -> cast(call);
      default -> {
        if (call.getOperator() instanceof SpecFunction function) {
          yield function(call, function);
        }
        if (call.getOperator().getName().equals("||")) {
          yield concat(call);
        }
        yield switch (call.getOperator().getName()) {
          case "IS NOT UNKNOWN" -> bool(Logic.isNotNull(operand(call, 0).expression()), call);
          default ->
              throw new SqlException(
                  call,
                  io.firn.dsl.finding.Quoted.of(call.getOperator().getName())
                      + " cannot be used here",
                  "see docs/functions.md for what can");
        };
      }
    };
  }

  Typed operand(SqlCall call, int index) {
    return compile(call.operand(index));
  }

  Typed bool(Expression expression, SqlNode node) {
    return new Typed(expression, ValueType.of(Kind.BOOLEAN, typeOf(node).nullable()));
  }

  private Typed logic(SqlCall call, boolean and) {
    Expression left = operand(call, 0).expression();
    Expression right = operand(call, 1).expression();
    return bool(and ? Logic.and(left, right) : Logic.or(left, right), call);
  }

  private Typed choose(SqlCase call) {
    ValueType result = typeOf(call);
    List<Expression> conditions = new ArrayList<>();
    List<Expression> branches = new ArrayList<>();
    for (SqlNode when : call.getWhenOperands()) {
      conditions.add(compile(when).expression());
    }
    for (SqlNode then : call.getThenOperands()) {
      branches.add(branch(then, result));
    }
    SqlNode last = call.getElseOperand();
    Expression otherwise = last == null ? new Literal(null) : branch(last, result);
    return new Typed(
        Logic.choose(
            conditions.toArray(Expression[]::new), branches.toArray(Expression[]::new), otherwise),
        result);
  }

  private Expression branch(SqlNode node, ValueType result) {
    Typed typed = compile(node);
    if (!Conversion.exists(typed.type(), result)) {
      throw new SqlException(
          node,
          "A " + typed.type().title() + " does not fit the other results, " + result.title(),
          "convert it with CAST");
    }
    return Conversion.widen(typed.expression(), typed.type(), result, session);
  }

  private Typed sum(SqlCall call, Arithmetic.Operator operator) {
    for (int i = 0; i < 2; i++) {
      if (call.operand(i) instanceof SqlIntervalLiteral interval) {
        boolean minus = operator == Arithmetic.Operator.MINUS;
        return Intervals.add(call, operand(call, 1 - i), interval, minus, session);
      }
    }
    return arithmetic(call, operator);
  }

  private Typed arithmetic(SqlCall call, Arithmetic.Operator operator) {
    Typed left = operand(call, 0);
    Typed right = operand(call, 1);
    ValueType result = typeOf(call);
    if (left.type().kind() == Kind.NULL || right.type().kind() == Kind.NULL) {
      return new Typed(new Literal(null), result);
    }
    if (!left.type().isNumber() || !right.type().isNumber() || !result.isNumber()) {
      throw new SqlException(
          call,
          "Arithmetic is not possible with a "
              + left.type().title()
              + " and a "
              + right.type().title(),
          "convert them with CAST");
    }
    return fold(
        call,
        Arithmetic.of(operator, left.expression(), right.expression(), result),
        result,
        left,
        right);
  }

  private Typed concat(SqlCall call) {
    Typed left = operand(call, 0);
    Typed right = operand(call, 1);
    Expression a = left.expression();
    Expression b = right.expression();
    Expression both =
        scope -> {
          Object first = a.evaluate(scope);
          if (first == null) {
            return null;
          }
          Object second = b.evaluate(scope);
          return second == null ? null : first.toString().concat(second.toString());
        };
    return fold(call, both, ValueType.of(Kind.TEXT, typeOf(call).nullable()), left, right);
  }

  private Typed cast(SqlCall call) {
    Typed value = operand(call, 0);
    ValueType target = typeOf(call);
    int length = validator.getValidatedNodeType(call).getPrecision();
    if (target.kind() == Kind.TEXT && length > 0) {
      target = new ValueType(Kind.TEXT, length, 0, target.nullable());
    }
    ValueType to = target;
    Conversion.ValueFunction function =
        Cast.function(value.type(), to, session)
            .orElseThrow(
                () ->
                    new SqlException(
                        call,
                        "A " + value.type().title() + " cannot be cast to " + to.title(),
                        "see docs/functions.md for the conversions there are"));
    boolean tries = call.getKind() == SqlKind.SAFE_CAST;
    ValueType result = to.withNullable(tries || value.type().nullable());
    return fold(
        call,
        Conversion.map(guardLiteral(value.expression()), tries ? Cast.orNull(function) : function),
        result,
        value);
  }

  /** Keeps {@link Conversion#map} from converting a constant outside of {@link #fold}. */
  private static Expression guardLiteral(Expression expression) {
    return expression instanceof Literal literal ? literal::evaluate : expression;
  }

  private Typed function(SqlCall call, SpecFunction function) {
    List<Typed> operands = new ArrayList<>();
    List<ValueType> types = new ArrayList<>();
    for (SqlNode operand : call.getOperandList()) {
      Typed typed = compile(operand);
      operands.add(typed);
      types.add(typed.type());
    }
    SpecFunction.Match match = SpecFunction.match(function.spec(), types).orElseThrow();
    List<Expression> arguments = new ArrayList<>();
    for (int i = 0; i < operands.size(); i++) {
      arguments.add(
          Conversion.widen(
              operands.get(i).expression(), types.get(i), match.types().get(i), session));
    }
    ValueType result = match.signature().result().derive(match.types()).orElseThrow();
    Expression bound =
        guard(
            call,
            () ->
                match
                    .signature()
                    .binding()
                    .bind(new Signature.Call(arguments, match.types(), result, session)));
    if (!function.spec().deterministic()) {
      return new Typed(bound, result);
    }
    return fold(call, bound, result, operands.toArray(Typed[]::new));
  }

  /** Computes what only depends on constants now, so that errors in it are found now. */
  private Typed fold(SqlNode node, Expression expression, ValueType type, Typed... operands) {
    for (Typed operand : operands) {
      if (!operand.expression().isConstant()) {
        return new Typed(expression, type);
      }
    }
    return new Typed(new Literal(guard(node, () -> expression.evaluate(new RowScope()))), type);
  }

  static <T> T guard(SqlNode node, java.util.function.Supplier<T> action) {
    try {
      return action.get();
    } catch (EvaluationException e) {
      throw new SqlException(node, e.getMessage(), "correct the constant");
    }
  }
}
