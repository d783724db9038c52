package io.firn.dsl.field;

import java.util.Map;

/**
 * What kind of value a setting takes.
 *
 * @param <T> the Java type of the value
 */
public interface FieldType<T> {
  /** Name of the type in the documentation. */
  String title();

  /** Turns the written text into the value. */
  T parse(FieldInput input) throws BadValueException;

  /** The type as JSON Schema: keyword and value. */
  Map<String, Object> jsonSchema();

  /** The inverse of {@link #parse} for printing; only called for values that may be shown. */
  default String print(T value) {
    return String.valueOf(value);
  }
}
