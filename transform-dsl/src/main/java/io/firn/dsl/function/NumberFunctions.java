package io.firn.dsl.function;

import io.firn.dsl.expression.Arithmetic;
import io.firn.dsl.expression.Conversion;
import io.firn.dsl.expression.EvaluationException;
import io.firn.dsl.expression.Expression;
import io.firn.dsl.expression.ValueType;
import io.firn.dsl.expression.ValueType.Kind;
import io.firn.dsl.function.FunctionSpec.Group;
import io.firn.dsl.function.Parameter.Accepts;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.List;
import java.util.Optional;
import java.util.function.DoubleUnaryOperator;

/** Functions of numbers. */
final class NumberFunctions {
  private NumberFunctions() {}

  private static final Parameter NUMBER = Parameter.of("number", Accepts.NUMBER);

  private static FunctionSpec floating(String name, String doc, DoubleUnaryOperator function) {
    return FunctionSpec.of(
        name,
        Group.NUMBER,
        doc,
        new Signature(
            List.of(Parameter.of("number", Accepts.FLOATING)),
            Bindings.gives(Kind.DOUBLE),
            Bindings.one(
                value -> {
                  double result = function.applyAsDouble((Double) value);
                  if (Double.isNaN(result) && !Double.isNaN((Double) value)) {
                    throw new EvaluationException(name + "(" + value + ") is not a number");
                  }
                  return result;
                })));
  }

  private static Expression abs(Signature.Call call) {
    Kind kind = call.result().kind();
    return Conversion.map(
        call.argument(0),
        value -> {
          try {
            return switch (kind) {
              case INT -> Math.absExact((Integer) value);
              case LONG -> Math.absExact((Long) value);
              case FLOAT -> Math.abs((Float) value);
              case DOUBLE -> Math.abs((Double) value);
              default -> ((BigDecimal) value).abs();
            };
          } catch (ArithmeticException e) {
            throw new EvaluationException(
                "ABS(" + value + ") does not fit " + call.result().title());
          }
        });
  }

  /** Whole numbers stay as they are; decimals lose their scale but may gain a digit. */
  private static Optional<ValueType> whole(List<ValueType> arguments) {
    ValueType type = arguments.get(0);
    boolean nullable = Bindings.anyNullable(arguments);
    if (type.kind() == Kind.DECIMAL) {
      int digits = Math.min(ValueType.MAX_PRECISION, type.precision() - type.scale() + 1);
      return Optional.of(ValueType.decimal(digits, 0, nullable));
    }
    return Optional.of(type.withNullable(nullable));
  }

  private static Signature.Binding rounding(RoundingMode mode) {
    return call ->
        switch (call.result().kind()) {
          case DECIMAL ->
              Conversion.map(
                  call.argument(0),
                  value ->
                      Conversion.rescale(((BigDecimal) value).setScale(0, mode), call.result()));
          case DOUBLE ->
              Conversion.map(
                  call.argument(0),
                  value ->
                      mode == RoundingMode.FLOOR
                          ? Math.floor((Double) value)
                          : Math.ceil((Double) value));
          case FLOAT ->
              Conversion.map(
                  call.argument(0),
                  value ->
                      (float)
                          (mode == RoundingMode.FLOOR
                              ? Math.floor((Float) value)
                              : Math.ceil((Float) value)));
          default -> call.argument(0);
        };
  }

  /** Keeps the argument's type, except that rounding a decimal can carry into a new digit. */
  private static Optional<ValueType> rounded(List<ValueType> arguments) {
    ValueType type = arguments.get(0);
    boolean nullable = Bindings.anyNullable(arguments);
    if (type.kind() == Kind.DECIMAL) {
      int digits = Math.min(ValueType.MAX_PRECISION, type.precision() + 1);
      return Optional.of(ValueType.decimal(digits, type.scale(), nullable));
    }
    return Optional.of(type.withNullable(nullable));
  }

  private static Signature.Binding round(RoundingMode mode) {
    return call -> {
      Kind kind = call.result().kind();
      return Bindings.strict(
          call.arguments(),
          values -> {
            long wanted = values.length > 1 ? (Long) values[1] : 0;
            int places = (int) Math.max(-400, Math.min(400, wanted));
            return switch (kind) {
              case INT, LONG -> integer(values[0], places, mode, kind);
              case FLOAT, DOUBLE -> floating(values[0], places, mode, kind);
              default -> {
                BigDecimal value = (BigDecimal) values[0];
                yield Conversion.rescale(
                    places >= value.scale() ? value : value.setScale(places, mode), call.result());
              }
            };
          });
    };
  }

  private static Object integer(Object number, int places, RoundingMode mode, Kind kind) {
    if (places >= 0) {
      return number;
    }
    BigDecimal value = BigDecimal.valueOf(((Number) number).longValue()).setScale(places, mode);
    try {
      if (kind == Kind.INT) {
        return value.intValueExact();
      }
      return value.longValueExact();
    } catch (ArithmeticException e) {
      throw new EvaluationException(number + " rounded does not fit its type");
    }
  }

  private static Object floating(Object number, int places, RoundingMode mode, Kind kind) {
    double value = ((Number) number).doubleValue();
    if (!Double.isFinite(value)) {
      return number;
    }
    double result = new BigDecimal(number.toString()).setScale(places, mode).doubleValue();
    if (kind == Kind.FLOAT) {
      return (float) result;
    }
    return result;
  }

  static final List<FunctionSpec> ALL =
      List.of(
          FunctionSpec.of(
                  "ABS",
                  Group.NUMBER,
                  "The number without its sign.",
                  new Signature(List.of(NUMBER), Bindings.likeFirst(), NumberFunctions::abs))
              .example("ABS(-7)", "7"),
          FunctionSpec.of(
                  "CEIL",
                  Group.NUMBER,
                  "The least whole number that is not less.",
                  new Signature(
                      List.of(NUMBER), NumberFunctions::whole, rounding(RoundingMode.CEILING)))
              .alias("CEILING")
              .example("CEIL(2.1)", "3"),
          FunctionSpec.of(
                  "FLOOR",
                  Group.NUMBER,
                  "The greatest whole number that is not greater.",
                  new Signature(
                      List.of(NUMBER), NumberFunctions::whole, rounding(RoundingMode.FLOOR)))
              .example("FLOOR(-2.1)", "-3"),
          FunctionSpec.of(
                  "ROUND",
                  Group.NUMBER,
                  "The number rounded half up to that many places after the point (default 0,"
                      + " negative: before the point). The type stays the same.",
                  new Signature(
                      List.of(NUMBER, Parameter.optional("places", Accepts.INTEGER)),
                      NumberFunctions::rounded,
                      round(RoundingMode.HALF_UP)))
              .example("ROUND(2.345, 2)", "2.350")
              .example("ROUND(1250, -2)", "1300"),
          FunctionSpec.of(
                  "TRUNCATE",
                  Group.NUMBER,
                  "The number with the places after that many cut off.",
                  new Signature(
                      List.of(NUMBER, Parameter.optional("places", Accepts.INTEGER)),
                      NumberFunctions::rounded,
                      round(RoundingMode.DOWN)))
              .example("TRUNCATE(2.349, 2)", "2.340"),
          FunctionSpec.of(
                  "MOD",
                  Group.NUMBER,
                  "The remainder of a division, with the sign of the first number.",
                  new Signature(
                      List.of(NUMBER, Parameter.of("divisor", Accepts.NUMBER)),
                      Bindings.common(),
                      call ->
                          Arithmetic.of(
                              Arithmetic.Operator.REMAINDER,
                              call.argument(0),
                              call.argument(1),
                              call.result())))
              .example("MOD(-7, 3)", "-1"),
          FunctionSpec.of(
                  "SIGN",
                  Group.NUMBER,
                  "-1, 0 or 1.",
                  new Signature(
                      List.of(NUMBER),
                      Bindings.gives(Kind.INT),
                      Bindings.one(
                          value ->
                              value instanceof BigDecimal decimal
                                  ? decimal.signum()
                                  : (int) Math.signum(((Number) value).doubleValue()))))
              .example("SIGN(-0.5)", "-1"),
          FunctionSpec.of(
                  "POWER",
                  Group.NUMBER,
                  "The number to the power of the exponent, as a double.",
                  new Signature(
                      List.of(
                          Parameter.of("number", Accepts.FLOATING),
                          Parameter.of("exponent", Accepts.FLOATING)),
                      Bindings.gives(Kind.DOUBLE),
                      Bindings.two((a, b) -> Math.pow((Double) a, (Double) b))))
              .alias("POW")
              .example("POWER(2, 10)", "1024.0"),
          floating("SQRT", "The square root, as a double.", Math::sqrt).example("SQRT(9)", "3.0"),
          floating("EXP", "e to the power of the number.", Math::exp).example("EXP(0)", "1.0"),
          floating("LN", "The natural logarithm.", Math::log).example("LN(1)", "0.0"),
          floating("LOG10", "The logarithm to the base 10.", Math::log10)
              .example("LOG10(1000)", "3.0"));
}
