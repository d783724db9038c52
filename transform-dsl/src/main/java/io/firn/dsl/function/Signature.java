package io.firn.dsl.function;

import io.firn.dsl.expression.Expression;
import io.firn.dsl.expression.Session;
import io.firn.dsl.expression.ValueType;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * One way to call a function.
 *
 * @param parameters its parameters
 * @param result the type of its result
 * @param binding makes the expression of a call
 */
public record Signature(List<Parameter> parameters, ResultType result, Binding binding) {

  /** Copies the list. */
  public Signature {
    parameters = List.copyOf(parameters);
  }

  /** Derives the type of a result. */
  @FunctionalInterface
  public interface ResultType {
    /** The type for arguments of these types, empty if they do not go together. */
    Optional<ValueType> derive(List<ValueType> arguments);
  }

  /** Makes the expression of a call. */
  @FunctionalInterface
  public interface Binding {
    /**
     * The expression. May look at constant arguments.
     *
     * @throws io.firn.dsl.expression.EvaluationException if a constant argument is not acceptable
     */
    Expression bind(Call call);
  }

  /**
   * A call of a function.
   *
   * @param arguments the arguments, already converted
   * @param types their types after the conversion
   * @param result the type of the result
   * @param session what holds for all expressions
   */
  public record Call(
      List<Expression> arguments, List<ValueType> types, ValueType result, Session session) {

    /** One argument. */
    public Expression argument(int index) {
      return arguments.get(index);
    }

    /** The type of one argument. */
    public ValueType type(int index) {
      return types.get(index);
    }

    /** How many arguments there are. */
    public int size() {
      return arguments.size();
    }
  }

  /** The types that arguments of these types are converted to, empty if they do not fit. */
  public Optional<List<ValueType>> accept(List<ValueType> arguments) {
    if (arguments.size() < minArguments() || arguments.size() > maxArguments()) {
      return Optional.empty();
    }
    List<ValueType> converted = new ArrayList<>();
    for (int i = 0; i < arguments.size(); i++) {
      Parameter parameter = parameters.get(Math.min(i, parameters.size() - 1));
      Optional<ValueType> type = parameter.accepts().convert(arguments.get(i));
      if (type.isEmpty()) {
        return Optional.empty();
      }
      converted.add(type.get());
    }
    return result.derive(converted).isPresent() ? Optional.of(converted) : Optional.empty();
  }

  /** The fewest arguments. */
  public int minArguments() {
    return (int) parameters.stream().filter(p -> !p.optional()).count();
  }

  /** The most arguments. */
  public int maxArguments() {
    return parameters.stream().anyMatch(Parameter::repeated) ? 1000 : parameters.size();
  }

  /** The parameters as text, such as {@code (text string, length integer [, pad string])}. */
  public String title() {
    String list =
        parameters.stream()
            .map(
                p -> {
                  String text = p.name() + " " + p.accepts().title();
                  if (p.repeated()) {
                    return "[" + text + ", ...]";
                  }
                  return p.optional() ? "[" + text + "]" : text;
                })
            .collect(Collectors.joining(", "));
    return "(" + list + ")";
  }
}
