package io.firn.dsl.transform;

import io.firn.model.schema.Column;
import io.firn.model.schema.TableSchema;
import io.firn.model.stream.SchemaChange;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Expresses the way from one target layout to another as schema changes: renames, then drops, then
 * additions, then everything else.
 *
 * <p>There is always at least one change, if only an {@code AlterColumns} that names no column: it
 * carries the source's own description of its table to the target.
 */
final class SchemaDifference {
  private final TableSchema to;
  private final SchemaChange.Origin origin;
  private final List<SchemaChange> changes = new ArrayList<>();
  private TableSchema current;

  private SchemaDifference(TableSchema from, TableSchema to, SchemaChange.Origin origin) {
    this.current = from;
    this.to = to;
    this.origin = origin;
  }

  /**
   * The changes.
   *
   * @param renames names of {@code from} that are other names in {@code to}
   */
  static List<SchemaChange> between(
      TableSchema from, TableSchema to, Map<String, String> renames, SchemaChange.Origin origin) {
    SchemaDifference difference = new SchemaDifference(from, to, origin);
    difference.rename(renames);
    difference.drop();
    difference.add();
    difference.alter();
    List<SchemaChange> changes = difference.changes;
    int last = changes.size() - 1;
    changes.set(last, changes.get(last).withSchemaAfter(to));
    return List.copyOf(changes);
  }

  private void rename(Map<String, String> renames) {
    if (renames.isEmpty()) {
      return;
    }
    List<Column> columns =
        current.columns().stream()
            .map(c -> c.withName(renames.getOrDefault(c.name(), c.name())))
            .toList();
    List<String> key =
        current.primaryKey().stream().map(name -> renames.getOrDefault(name, name)).toList();
    current = new TableSchema(to.table(), columns, key);
    changes.add(new SchemaChange.RenameColumns(current, Map.copyOf(renames), origin));
  }

  private void drop() {
    List<String> dropped =
        current.columns().stream().map(Column::name).filter(n -> to.indexOf(n) < 0).toList();
    if (!dropped.isEmpty()) {
      current =
          schema(current.columns().stream().filter(c -> !dropped.contains(c.name())).toList());
      changes.add(new SchemaChange.DropColumns(current, dropped, origin));
    }
  }

  private void add() {
    List<String> added =
        to.columns().stream().map(Column::name).filter(n -> current.indexOf(n) < 0).toList();
    if (!added.isEmpty()) {
      TableSchema before = current;
      current =
          schema(
              to.columns().stream()
                  .map(
                      c ->
                          added.contains(c.name())
                              ? c
                              : before.columns().get(before.indexOf(c.name())))
                  .toList());
      changes.add(new SchemaChange.AddColumns(current, added, origin));
    }
  }

  private void alter() {
    List<String> altered = new ArrayList<>();
    for (int i = 0; i < to.columns().size(); i++) {
      Column column = to.columns().get(i);
      int index = current.indexOf(column.name());
      if (index != i || !current.columns().get(index).equals(column)) {
        altered.add(column.name());
      }
    }
    boolean otherKey = !current.primaryKey().equals(to.primaryKey());
    if (!altered.isEmpty() || otherKey || changes.isEmpty()) {
      changes.add(new SchemaChange.AlterColumns(to, altered, origin));
    }
  }

  /** A layout on the way, with as much of the key as it has columns for. */
  private TableSchema schema(List<Column> columns) {
    Set<String> names = columns.stream().map(Column::name).collect(Collectors.toSet());
    List<String> key = current.primaryKey().stream().filter(names::contains).toList();
    return new TableSchema(to.table(), columns, key);
  }
}
