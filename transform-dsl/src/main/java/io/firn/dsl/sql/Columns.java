package io.firn.dsl.sql;

import io.firn.dsl.expression.Expression;
import io.firn.dsl.expression.ValueType;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The names that an expression may use and what they stand for. A name is found as it is written,
 * or else regardless of case if that is unambiguous, as MySQL compares column names.
 */
public final class Columns {
  private final Map<String, Column> byName = new LinkedHashMap<>();
  private final Set<String> hidden = new java.util.HashSet<>();

  /**
   * A name's meaning.
   *
   * @param name the name
   * @param type type of its values
   * @param expression how to get them
   * @param volatility what they depend on besides the row
   */
  public record Column(String name, ValueType type, Expression expression, Volatility volatility) {}

  /** Adds a name; replaces what was there. */
  public void add(String name, ValueType type, Expression expression) {
    add(new Column(name, type, expression, Volatility.NONE));
  }

  /** Adds a name; replaces what was there. */
  public void add(Column column) {
    byName.put(column.name(), column);
    hidden.remove(column.name());
  }

  /** Adds a name that is not suggested for misspelt ones. */
  public void addHidden(String name, ValueType type, Expression expression) {
    addHidden(new Column(name, type, expression, Volatility.NONE));
  }

  /** Adds a name that is not suggested for misspelt ones. */
  public void addHidden(Column column) {
    add(column);
    hidden.add(column.name());
  }

  /** A copy, to which names can be added. */
  public Columns copy() {
    Columns copy = new Columns();
    copy.byName.putAll(byName);
    copy.hidden.addAll(hidden);
    return copy;
  }

  /** What a name stands for. */
  public Optional<Column> find(String name) {
    Column exact = byName.get(name);
    if (exact != null) {
      return Optional.of(exact);
    }
    Column found = null;
    for (Column column : byName.values()) {
      if (column.name().equalsIgnoreCase(name)) {
        if (found != null) {
          return Optional.empty();
        }
        found = column;
      }
    }
    return Optional.ofNullable(found);
  }

  /** All names that may be suggested. */
  public Set<String> names() {
    Set<String> names = new java.util.LinkedHashSet<>(byName.keySet());
    names.removeAll(hidden);
    return names;
  }

  /** Every name and what it stands for. */
  public Map<String, Column> all() {
    return byName;
  }
}
