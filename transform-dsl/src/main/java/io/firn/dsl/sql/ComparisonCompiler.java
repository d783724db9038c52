package io.firn.dsl.sql;

import io.firn.dsl.expression.Cast;
import io.firn.dsl.expression.Comparison;
import io.firn.dsl.expression.Conversion;
import io.firn.dsl.expression.Expression;
import io.firn.dsl.expression.Literal;
import io.firn.dsl.expression.Logic;
import io.firn.dsl.expression.Session;
import io.firn.dsl.expression.ValueType;
import io.firn.dsl.expression.ValueType.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.calcite.sql.SqlCall;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.SqlNodeList;
import org.apache.calcite.sql.fun.SqlBetweenOperator;

/** Comparisons, {@code BETWEEN} and {@code IN}: both sides are made comparable, or refused. */
final class ComparisonCompiler {
  private final NodeCompiler nodes;
  private final Session session;

  ComparisonCompiler(NodeCompiler nodes, Session session) {
    this.nodes = nodes;
    this.session = session;
  }

  NodeCompiler.Typed distinct(SqlCall call) {
    Pair pair = pair(call, nodes.operand(call, 0), nodes.operand(call, 1));
    boolean negated = call.getKind() == SqlKind.IS_NOT_DISTINCT_FROM;
    return nodes.bool(Comparison.distinct(pair.left(), pair.right(), pair.order(), negated), call);
  }

  private record Pair(Expression left, Expression right, Comparison.Order order) {}

  NodeCompiler.Typed comparison(SqlCall call, Comparison.Operator operator) {
    Pair pair = pair(call, nodes.operand(call, 0), nodes.operand(call, 1));
    return nodes.bool(Comparison.compare(operator, pair.left(), pair.right(), pair.order()), call);
  }

  /** Both sides made comparable. */
  private Pair pair(SqlNode node, NodeCompiler.Typed left, NodeCompiler.Typed right) {
    if (left.type().kind() == Kind.NULL || right.type().kind() == Kind.NULL) {
      return new Pair(left.expression(), right.expression(), (a, b) -> 0);
    }
    NodeCompiler.Typed a = constantLike(left, right.type(), node);
    NodeCompiler.Typed b = constantLike(right, left.type(), node);
    Optional<Comparison.Order> order = Comparison.order(a.type(), b.type());
    if (order.isPresent()) {
      return new Pair(a.expression(), b.expression(), order.get());
    }
    if (a.type().isDateTime() && b.type().isDateTime()) {
      boolean instants = a.type().kind() == Kind.INSTANT || b.type().kind() == Kind.INSTANT;
      ValueType common = ValueType.of(instants ? Kind.INSTANT : Kind.TIMESTAMP, true);
      return new Pair(
          Conversion.widen(a.expression(), a.type(), common, session),
          Conversion.widen(b.expression(), b.type(), common, session),
          Comparison.order(common, common).orElseThrow());
    }
    throw new SqlException(
        node,
        "A " + left.type().title() + " cannot be compared with a " + right.type().title(),
        "convert one side with CAST");
  }

  /** A text constant read as the type it is compared with, so that {@code day > '2024-01-01'}. */
  private NodeCompiler.Typed constantLike(NodeCompiler.Typed value, ValueType other, SqlNode node) {
    boolean text = value.type().kind() == Kind.TEXT && other.kind() != Kind.TEXT;
    if (!text || !(value.expression() instanceof Literal) || other.kind() == Kind.BYTES) {
      return value;
    }
    String constant = String.valueOf(((Literal) value.expression()).value());
    ValueType target = other;
    if (other.kind() == Kind.DATE && constant.strip().length() > 10) {
      target = ValueType.of(Kind.TIMESTAMP, false);
    } else if (other.kind() == Kind.DECIMAL
        || other.kind() == Kind.INT
        || other.kind() == Kind.LONG) {
      target = ValueType.of(Kind.DOUBLE, false);
      try {
        var exact = new java.math.BigDecimal(constant.strip());
        if (exact.precision() <= ValueType.MAX_PRECISION && exact.scale() >= 0) {
          target =
              ValueType.decimal(Math.max(exact.precision(), exact.scale()), exact.scale(), false);
        }
      } catch (NumberFormatException e) {
        // The cast below says what is wrong.
      }
    }
    ValueType to = target.withNullable(false);
    Conversion.ValueFunction function =
        Cast.function(value.type(), to, session)
            .orElseThrow(
                () ->
                    new SqlException(
                        node,
                        "A string cannot be compared with a " + other.title(),
                        "convert one side with CAST"));
    return new NodeCompiler.Typed(
        NodeCompiler.guard(node, () -> Conversion.map(value.expression(), function)), to);
  }

  NodeCompiler.Typed between(SqlCall call) {
    NodeCompiler.Typed value = nodes.operand(call, 0);
    Pair low = pair(call, value, nodes.operand(call, 1));
    Pair high = pair(call, value, nodes.operand(call, 2));
    Expression inside =
        Logic.and(
            Comparison.compare(
                Comparison.Operator.GREATER_OR_EQUAL, low.left(), low.right(), low.order()),
            Comparison.compare(
                Comparison.Operator.LESS_OR_EQUAL, high.left(), high.right(), high.order()));
    boolean negated = ((SqlBetweenOperator) call.getOperator()).isNegated();
    return nodes.bool(negated ? Logic.not(inside) : inside, call);
  }

  NodeCompiler.Typed in(SqlCall call) {
    NodeCompiler.Typed value = nodes.operand(call, 0);
    if (!(call.operand(1) instanceof SqlNodeList list)) {
      throw new SqlException(call, "IN needs a list of values", "write them in parentheses");
    }
    List<Expression> items = new ArrayList<>();
    List<Comparison.Order> orders = new ArrayList<>();
    Expression left = value.expression();
    for (SqlNode item : list) {
      NodeCompiler.Typed typed = nodes.compile(item);
      Pair pair = pair(item, value, typed);
      if (pair.left() != value.expression()) {
        // Where the left side must be converted, it is one comparison per item.
        return inByComparison(call, value, list);
      }
      items.add(pair.right());
      orders.add(pair.order());
    }
    Expression inside =
        Comparison.in(
            left,
            value.type(),
            items.toArray(Expression[]::new),
            orders.toArray(Comparison.Order[]::new));
    return nodes.bool(call.getKind() == SqlKind.NOT_IN ? Logic.not(inside) : inside, call);
  }

  private NodeCompiler.Typed inByComparison(
      SqlCall call, NodeCompiler.Typed value, SqlNodeList list) {
    Expression any = new Literal(false);
    for (SqlNode item : list) {
      Pair pair = pair(item, value, nodes.compile(item));
      any =
          Logic.or(
              any,
              Comparison.compare(
                  Comparison.Operator.EQUALS, pair.left(), pair.right(), pair.order()));
    }
    return nodes.bool(call.getKind() == SqlKind.NOT_IN ? Logic.not(any) : any, call);
  }
}
