package io.firn.dsl.sql;

import io.firn.dsl.expression.Conversion;
import io.firn.dsl.expression.EvaluationException;
import io.firn.dsl.expression.Expression;
import io.firn.dsl.expression.LikePattern;
import io.firn.dsl.expression.Literal;
import io.firn.dsl.expression.Logic;
import io.firn.dsl.expression.ValueType.Kind;
import org.apache.calcite.sql.SqlCall;
import org.apache.calcite.sql.fun.SqlLikeOperator;

/** {@code [NOT] LIKE}, with the pattern compiled once if it is a constant. */
final class LikeCompiler {
  private LikeCompiler() {}

  static Expression compile(SqlCall call, NodeCompiler compiler) {
    NodeCompiler.Typed text = compiler.operand(call, 0);
    NodeCompiler.Typed pattern = compiler.operand(call, 1);
    for (NodeCompiler.Typed operand : new NodeCompiler.Typed[] {text, pattern}) {
      if (operand.type().kind() != Kind.TEXT && operand.type().kind() != Kind.NULL) {
        throw new SqlException(
            call,
            "LIKE compares strings, not a " + operand.type().title(),
            "convert it with CAST(... AS STRING)");
      }
    }
    int escape = escape(call, compiler);
    Expression matches = matches(call, text.expression(), pattern.expression(), escape);
    return ((SqlLikeOperator) call.getOperator()).isNegated() ? Logic.not(matches) : matches;
  }

  private static Expression matches(SqlCall call, Expression text, Expression pattern, int escape) {
    if (pattern instanceof Literal literal && literal.value() != null) {
      try {
        LikePattern like = new LikePattern(literal.value().toString(), escape);
        return Conversion.map(text, value -> like.matches(value.toString()));
      } catch (EvaluationException e) {
        throw new SqlException(call.operand(1), e.getMessage(), "correct the pattern");
      }
    }
    return scope -> {
      Object value = text.evaluate(scope);
      Object like = pattern.evaluate(scope);
      return value == null || like == null
          ? null
          : new LikePattern(like.toString(), escape).matches(value.toString());
    };
  }

  private static int escape(SqlCall call, NodeCompiler compiler) {
    if (call.operandCount() < 3) {
      return -1;
    }
    Expression escape = compiler.operand(call, 2).expression();
    if (escape instanceof Literal literal
        && literal.value() != null
        && literal.value().toString().codePoints().count() == 1) {
      return literal.value().toString().codePointAt(0);
    }
    throw new SqlException(call.operand(2), "ESCAPE needs one character", "write it in quotes");
  }
}
