package io.firn.dsl.function;

import io.firn.dsl.expression.ValueType;
import io.firn.dsl.expression.ValueType.Kind;
import java.util.Optional;

/**
 * One parameter of a function.
 *
 * @param name its name in the documentation
 * @param accepts what it takes
 * @param optional whether it may be left out, with everything after it
 * @param repeated whether any number of such arguments may follow
 */
public record Parameter(String name, Accepts accepts, boolean optional, boolean repeated) {

  /** What a parameter takes. */
  public enum Accepts {
    /** Any value. */
    ANY("any"),
    /** Truth values. */
    BOOLEAN("boolean"),
    /** Text. */
    TEXT("string"),
    /** Text or bytes. */
    TEXT_OR_BYTES("string or binary"),
    /** Whole numbers; given to the function as {@code Long}. */
    INTEGER("integer"),
    /** Numbers of any kind, as they are. */
    NUMBER("number"),
    /** Numbers of any kind; given to the function as {@code Double}. */
    FLOATING("double"),
    /** Dates and timestamps of both kinds, and constant text that is one. */
    DATETIME("date or timestamp"),
    /** Dates, timestamps and times. */
    TEMPORAL("date, timestamp or time");

    private final String title;

    Accepts(String title) {
      this.title = title;
    }

    /** The word for it in documentation and messages. */
    public String title() {
      return title;
    }

    /** The type that an argument is converted to, empty if it is not accepted. */
    public Optional<ValueType> convert(ValueType argument) {
      if (argument.kind() == Kind.NULL) {
        return Optional.of(argument);
      }
      boolean accepted =
          switch (this) {
            case ANY -> argument.kind() != Kind.OTHER;
            case BOOLEAN -> argument.kind() == Kind.BOOLEAN;
            case TEXT -> argument.kind() == Kind.TEXT;
            case TEXT_OR_BYTES -> argument.kind() == Kind.TEXT || argument.kind() == Kind.BYTES;
            case INTEGER -> argument.isInteger();
            case NUMBER, FLOATING -> argument.isNumber();
            case DATETIME -> argument.isDateTime();
            case TEMPORAL -> argument.isDateTime() || argument.kind() == Kind.TIME;
          };
      if (!accepted) {
        return Optional.empty();
      }
      return Optional.of(
          switch (this) {
            case INTEGER -> ValueType.of(Kind.LONG, argument.nullable());
            case FLOATING -> ValueType.of(Kind.DOUBLE, argument.nullable());
            default -> argument;
          });
    }
  }

  /** A parameter that must be given. */
  public static Parameter of(String name, Accepts accepts) {
    return new Parameter(name, accepts, false, false);
  }

  /** A parameter that may be left out. */
  public static Parameter optional(String name, Accepts accepts) {
    return new Parameter(name, accepts, true, false);
  }

  /** A parameter that may be given any number of times, also never. */
  public static Parameter repeated(String name, Accepts accepts) {
    return new Parameter(name, accepts, true, true);
  }
}
