package io.firn.dsl.field;

import io.firn.dsl.finding.Position;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The checked values of one section, by setting.
 *
 * <p><b>Threading</b>: filled by one thread, then not changed.
 */
public final class SectionValues {
  private final Position position;
  private final Map<FieldSpec<?>, Object> values = new HashMap<>();
  private final Map<FieldSpec<?>, FieldInput> inputs = new HashMap<>();
  private final Map<FieldSpec<?>, Map<String, FieldInput>> properties = new HashMap<>();

  SectionValues(Position position) {
    this.position = position;
  }

  <T> void set(FieldSpec<T> field, T value, FieldInput input) {
    values.put(field, value);
    if (input != null) {
      inputs.put(field, input);
    }
  }

  void addProperty(FieldSpec<?> field, String name, FieldInput input) {
    properties.computeIfAbsent(field, f -> new LinkedHashMap<>()).put(name, input);
  }

  /** Where the section begins. */
  public Position position() {
    return position;
  }

  /**
   * The value of a setting that is required or has a default.
   *
   * @throws IllegalStateException if it has none: the section had errors
   */
  public <T> T get(FieldSpec<T> field) {
    return find(field)
        .orElseThrow(() -> new IllegalStateException("No value for '" + field.name() + "'"));
  }

  /** The value of a setting, or its default, or nothing. */
  @SuppressWarnings("unchecked") // set() only takes values of the field's own type
  public <T> Optional<T> find(FieldSpec<T> field) {
    return Optional.ofNullable((T) values.get(field));
  }

  /** Whether the setting stands in the file. */
  public boolean isWritten(FieldSpec<?> field) {
    return inputs.containsKey(field);
  }

  /** Where the setting's value stands, or where the section begins if it is not written. */
  public Position positionOf(FieldSpec<?> field) {
    return Optional.ofNullable(inputs.get(field)).map(i -> i.map().at(0)).orElse(position);
  }

  /** What was written for a setting, references not replaced; empty if it is not in the file. */
  public Optional<String> written(FieldSpec<?> field) {
    return Optional.ofNullable(inputs.get(field)).map(FieldInput::written);
  }

  /** Everything given under a prefix, without the prefix. */
  public PropertyMap properties(FieldSpec<?> prefix) {
    Map<String, String> all = new LinkedHashMap<>();
    Map<String, String> printable = new LinkedHashMap<>();
    properties
        .getOrDefault(prefix, Map.of())
        .forEach(
            (name, input) -> {
              all.put(name, input.text());
              if (!input.hidden()) {
                printable.put(name, input.text());
              }
            });
    return new PropertyMap(all, printable);
  }
}
