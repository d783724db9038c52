package io.firn.dsl.field;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeSet;

/**
 * Settings that are passed on to another system as they are. Which of them are secrets only that
 * system knows, so the text form shows their names and never a value.
 */
public final class PropertyMap {
  private final Map<String, String> values;
  private final Map<String, String> printable;

  /**
   * @param values names and values, references replaced
   * @param printable the values as they were written, for those that hold no reference
   */
  public PropertyMap(Map<String, String> values, Map<String, String> printable) {
    this.values = java.util.Collections.unmodifiableMap(new LinkedHashMap<>(values));
    this.printable = Map.copyOf(printable);
  }

  /** No settings. */
  public static PropertyMap empty() {
    return new PropertyMap(Map.of(), Map.of());
  }

  /** Names and values, secrets included; to be handed to the system they are for. */
  public Map<String, String> reveal() {
    return values;
  }

  /** The names, sorted. */
  public Iterable<String> names() {
    return new TreeSet<>(values.keySet());
  }

  /** Whether there are none. */
  public boolean isEmpty() {
    return values.isEmpty();
  }

  /**
   * A value for showing, which the caller knows to be harmless; {@code ***} if it was a reference.
   */
  public String show(String name) {
    return printable.getOrDefault(name, "***");
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof PropertyMap that && values.equals(that.values);
  }

  @Override
  public int hashCode() {
    return values.hashCode();
  }

  @Override
  public String toString() {
    return new TreeSet<>(values.keySet()).toString();
  }
}
