package io.firn.dsl.function;

import io.firn.dsl.expression.Conversion;
import io.firn.dsl.expression.Expression;
import io.firn.dsl.expression.Literal;
import io.firn.dsl.expression.ValueType;
import io.firn.dsl.expression.ValueType.Kind;
import java.util.List;
import java.util.Optional;

/** Building blocks of function specs: result types, and bindings that give NULL for NULL. */
final class Bindings {
  private Bindings() {}

  /** A function of one value that is not NULL. */
  interface One {
    Object apply(Object a);
  }

  /** A function of two values that are not NULL. */
  interface Two {
    Object apply(Object a, Object b);
  }

  /** A function of any number of values that are not NULL. */
  interface Many {
    Object apply(Object[] arguments);
  }

  /** NULL for NULL, else the function's value. */
  static Signature.Binding one(One function) {
    return call -> Conversion.map(call.argument(0), function::apply);
  }

  /** NULL if either is NULL, else the function's value. */
  static Signature.Binding two(Two function) {
    return call -> {
      Expression left = call.argument(0);
      Expression right = call.argument(1);
      return scope -> {
        Object a = left.evaluate(scope);
        if (a == null) {
          return null;
        }
        Object b = right.evaluate(scope);
        return b == null ? null : function.apply(a, b);
      };
    };
  }

  /** NULL if any argument is NULL, else the function's value. */
  static Signature.Binding many(Many function) {
    return call -> strict(call.arguments(), function);
  }

  /** NULL if any argument is NULL, else the function's value. */
  static Expression strict(List<Expression> arguments, Many function) {
    Expression[] all = arguments.toArray(Expression[]::new);
    return scope -> {
      Object[] values = new Object[all.length];
      for (int i = 0; i < all.length; i++) {
        values[i] = all[i].evaluate(scope);
        if (values[i] == null) {
          return null;
        }
      }
      return function.apply(values);
    };
  }

  /** A result of this kind, NULL if any argument can be. */
  static Signature.ResultType gives(Kind kind) {
    return arguments -> Optional.of(ValueType.of(kind, anyNullable(arguments)));
  }

  /** A result of this kind that can always be NULL. */
  static Signature.ResultType mayGive(Kind kind) {
    return arguments -> Optional.of(ValueType.of(kind, true));
  }

  /** A result of the first argument's type, NULL if any argument can be. */
  static Signature.ResultType likeFirst() {
    return arguments -> {
      ValueType first = arguments.get(0);
      return Optional.of(first.withNullable(anyNullable(arguments)));
    };
  }

  /** A result of the type that all arguments have in common, NULL if any argument can be. */
  static Signature.ResultType common() {
    return arguments ->
        ValueType.common(arguments).map(type -> type.withNullable(anyNullable(arguments)));
  }

  static boolean anyNullable(List<ValueType> types) {
    return types.stream().anyMatch(type -> type.nullable() || type.kind() == Kind.NULL);
  }

  /** An argument converted to the result's type. */
  static Expression asResult(Signature.Call call, int index) {
    return Conversion.widen(call.argument(index), call.type(index), call.result(), call.session());
  }

  /** The value of a constant argument as text, empty if it is not constant or NULL. */
  static Optional<String> constantText(Signature.Call call, int index) {
    return call.argument(index) instanceof Literal literal && literal.value() != null
        ? Optional.of(literal.value().toString())
        : Optional.empty();
  }
}
