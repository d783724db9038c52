package io.firn.dsl.function;

import static io.firn.dsl.function.Bindings.asResult;

import io.firn.dsl.expression.Comparison;
import io.firn.dsl.expression.Expression;
import io.firn.dsl.expression.Logic;
import io.firn.dsl.expression.ValueType;
import io.firn.dsl.function.FunctionSpec.Group;
import io.firn.dsl.function.Parameter.Accepts;
import java.util.List;
import java.util.Optional;

/** Functions that choose between values. */
final class ConditionFunctions {
  private ConditionFunctions() {}

  private static final Parameter VALUE = Parameter.of("value", Accepts.ANY);

  private static Optional<ValueType> coalesced(List<ValueType> arguments) {
    return ValueType.common(arguments)
        .map(type -> type.withNullable(arguments.stream().allMatch(ValueType::nullable)));
  }

  private static Expression coalesce(Signature.Call call) {
    Expression[] all = new Expression[call.size()];
    for (int i = 0; i < all.length; i++) {
      all[i] = asResult(call, i);
    }
    return scope -> {
      for (Expression expression : all) {
        Object value = expression.evaluate(scope);
        if (value != null) {
          return value;
        }
      }
      return null;
    };
  }

  private static Expression nullIf(Signature.Call call) {
    Comparison.Order order = Comparison.order(call.type(0), call.type(1)).orElse((a, b) -> 1);
    Expression value = call.argument(0);
    Expression other = call.argument(1);
    return scope -> {
      Object a = value.evaluate(scope);
      if (a == null) {
        return null;
      }
      Object b = other.evaluate(scope);
      return b != null && order.compare(a, b) == 0 ? null : a;
    };
  }

  private static Optional<ValueType> comparable(List<ValueType> arguments) {
    ValueType a = arguments.get(0);
    ValueType b = arguments.get(1);
    boolean anyNull = a.kind() == ValueType.Kind.NULL || b.kind() == ValueType.Kind.NULL;
    return anyNull || Comparison.order(a, b).isPresent()
        ? Optional.of(a.withNullable(true))
        : Optional.empty();
  }

  private static Signature.Binding extreme(int sign) {
    return call -> {
      Comparison.Order order = Comparison.order(call.result(), call.result()).orElseThrow();
      List<Expression> all = new java.util.ArrayList<>();
      for (int i = 0; i < call.size(); i++) {
        all.add(asResult(call, i));
      }
      return Bindings.strict(
          all,
          values -> {
            Object best = values[0];
            for (Object value : values) {
              best = sign * order.compare(value, best) > 0 ? value : best;
            }
            return best;
          });
    };
  }

  private static Optional<ValueType> ordered(List<ValueType> arguments) {
    return Bindings.common()
        .derive(arguments)
        .filter(type -> Comparison.order(type, type).isPresent());
  }

  static final List<FunctionSpec> ALL =
      List.of(
          FunctionSpec.of(
                  "COALESCE",
                  Group.CONDITION,
                  "The first value that is not NULL. The values must have a common type.",
                  new Signature(
                      List.of(VALUE, Parameter.repeated("value", Accepts.ANY)),
                      ConditionFunctions::coalesced,
                      ConditionFunctions::coalesce))
              .example("COALESCE(NULL, 'a', 'b')", "a"),
          FunctionSpec.of(
                  "IFNULL",
                  Group.CONDITION,
                  "The value, or the replacement if it is NULL.",
                  new Signature(
                      List.of(VALUE, Parameter.of("replacement", Accepts.ANY)),
                      ConditionFunctions::coalesced,
                      ConditionFunctions::coalesce))
              .example("IFNULL(NULL, 7)", "7"),
          FunctionSpec.of(
                  "NULLIF",
                  Group.CONDITION,
                  "NULL if the two values are equal, else the first.",
                  new Signature(
                      List.of(VALUE, Parameter.of("other", Accepts.ANY)),
                      ConditionFunctions::comparable,
                      ConditionFunctions::nullIf))
              .example("NULLIF('', '')", "NULL")
              .example("NULLIF(5, 0)", "5"),
          FunctionSpec.of(
                  "IF",
                  Group.CONDITION,
                  "The second value if the condition is true, else (also if it is unknown) the"
                      + " third.",
                  new Signature(
                      List.of(
                          Parameter.of("condition", Accepts.BOOLEAN),
                          Parameter.of("value", Accepts.ANY),
                          Parameter.of("otherwise", Accepts.ANY)),
                      arguments ->
                          ValueType.common(arguments.subList(1, 3))
                              .map(
                                  type ->
                                      type.withNullable(
                                          Bindings.anyNullable(arguments.subList(1, 3)))),
                      call ->
                          Logic.choose(
                              new Expression[] {call.argument(0)},
                              new Expression[] {asResult(call, 1)},
                              asResult(call, 2))))
              .example("IF(5 > 3, 'yes', 'no')", "yes")
              .example("IF(NULL > 3, 'yes', 'no')", "no"),
          FunctionSpec.of(
                  "GREATEST",
                  Group.CONDITION,
                  "The greatest of the values; NULL if any is NULL.",
                  new Signature(
                      List.of(VALUE, Parameter.repeated("value", Accepts.ANY)),
                      ConditionFunctions::ordered,
                      extreme(1)))
              .example("GREATEST(3, 10.5, 7)", "10.5"),
          FunctionSpec.of(
                  "LEAST",
                  Group.CONDITION,
                  "The least of the values; NULL if any is NULL.",
                  new Signature(
                      List.of(VALUE, Parameter.repeated("value", Accepts.ANY)),
                      ConditionFunctions::ordered,
                      extreme(-1)))
              .example("LEAST('b', 'a')", "a"));
}
