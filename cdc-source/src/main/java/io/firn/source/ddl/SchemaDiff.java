package io.firn.source.ddl;

import io.firn.model.error.UnsupportedChangeException;
import io.firn.model.schema.Column;
import io.firn.model.schema.TableSchema;
import io.firn.model.stream.SchemaChange;
import io.firn.model.stream.SchemaChange.Origin;
import io.firn.source.Texts;
import io.firn.source.table.TableDefinition;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The schema changes that lead from one version of a table to the next.
 *
 * <p>They come in a fixed order: renames, drops, additions, alterations; each says what the table
 * looks like after it, and the last one gives exactly the new version.
 */
final class SchemaDiff {
  private final TableDefinition before;
  private final TableDefinition after;
  private final Map<String, String> renames;
  private final Map<String, DefaultClause> clauses;
  private final Set<String> readded = new HashSet<>();
  private final DefaultValues defaults;
  private final boolean strict;
  private final Origin origin;
  private final List<SchemaChange> changes = new ArrayList<>();

  /**
   * @param alter what the statement says
   * @param strict whether values that do not fit made the statement fail
   */
  SchemaDiff(
      TableDefinition before,
      TableDefinition after,
      AlterClauses alter,
      DefaultValues defaults,
      boolean strict,
      Origin origin) {
    this.before = before;
    this.after = after;
    this.renames = new LinkedHashMap<>();
    alter
        .renamedColumns()
        .forEach(
            (from, to) -> {
              String old = spelling(from, before.schema());
              String now = spelling(to, after.schema());
              if (old != null && now != null && !old.equals(now)) {
                renames.put(old, now);
              }
            });
    for (Column column : before.schema().columns()) {
      // MODIFY spells a column as it likes, and that is its name from then on.
      String now = spelling(column.name(), after.schema());
      if (now != null && !now.equals(column.name())) {
        renames.putIfAbsent(column.name(), now);
      }
    }
    this.clauses = alter.addedDefaults();
    for (String name : alter.droppedColumns()) {
      String old = spelling(name, before.schema());
      boolean again = clauses.keySet().stream().anyMatch(name::equalsIgnoreCase);
      if (old != null && again) {
        readded.add(old);
        renames.remove(old);
      }
    }
    this.defaults = defaults;
    this.strict = strict;
    this.origin = origin;
  }

  /** A column's name as the table spells it; null if there is no such column. */
  private static String spelling(String name, TableSchema schema) {
    return schema.columns().stream()
        .map(Column::name)
        .filter(name::equalsIgnoreCase)
        .findAny()
        .orElse(null);
  }

  /**
   * The changes, in order; empty if nothing that matters is different.
   *
   * @throws UnsupportedChangeException for another primary key and for changes that rewrite stored
   *     values without a trace
   */
  List<SchemaChange> changes() {
    checkKey();
    List<Column> columns = new ArrayList<>(before.schema().columns());
    columns = rename(columns);
    columns = drop(columns);
    TableSchema result = add(columns);
    alter(columns, result);
    return changes;
  }

  private void checkKey() {
    List<String> expected =
        before.schema().primaryKey().stream()
            .map(name -> renames.getOrDefault(name, name))
            .toList();
    if (!expected.equals(after.schema().primaryKey())) {
      throw new UnsupportedChangeException(
          "Following table "
              + after.table()
              + " failed: its primary key changed from "
              + before.schema().primaryKey()
              + " to "
              + after.schema().primaryKey()
              + "; rows already in the lake cannot be matched by another key, so exclude the table"
              + " from this pipeline and mirror it with another one into a new table.");
    }
  }

  private List<Column> rename(List<Column> columns) {
    if (renames.isEmpty()) {
      return columns;
    }
    List<Column> renamed =
        columns.stream()
            .map(column -> column.withName(renames.getOrDefault(column.name(), column.name())))
            .toList();
    changes.add(new SchemaChange.RenameColumns(schema(renamed), Map.copyOf(renames), origin));
    return renamed;
  }

  private List<Column> drop(List<Column> columns) {
    List<String> dropped = new ArrayList<>();
    List<Column> kept = new ArrayList<>();
    for (Column column : columns) {
      if (after.schema().indexOf(column.name()) < 0 || readded.contains(column.name())) {
        dropped.add(column.name());
      } else {
        kept.add(column);
      }
    }
    if (!dropped.isEmpty()) {
      changes.add(new SchemaChange.DropColumns(schema(kept), dropped, origin));
    }
    return kept;
  }

  /** Adds what is new, at its place, with the values that existing rows have in it. */
  private TableSchema add(List<Column> columns) {
    Map<String, Column> old = new LinkedHashMap<>();
    columns.forEach(column -> old.put(column.name(), column));
    List<String> added = new ArrayList<>();
    List<Column> result = new ArrayList<>();
    List<Column> withOldTypes = new ArrayList<>();
    for (int i = 0; i < after.schema().columns().size(); i++) {
      Column column = after.schema().columns().get(i);
      if (old.containsKey(column.name())) {
        Column was = old.get(column.name());
        result.add(withInitial(column, was.initialDefault()));
        withOldTypes.add(was);
      } else {
        Object initial =
            defaults.initialValue(
                column.name(),
                clauses.getOrDefault(column.name(), DefaultClause.NONE),
                after.source().columns().get(i).isOptional(),
                after.types().get(i));
        Column withDefault = withInitial(column, initial);
        added.add(column.name());
        result.add(withDefault);
        withOldTypes.add(withDefault);
      }
    }
    if (!added.isEmpty()) {
      changes.add(new SchemaChange.AddColumns(schema(withOldTypes), added, origin));
    }
    return schema(result);
  }

  private static Column withInitial(Column column, Object value) {
    return new Column(column.name(), column.type(), column.optional(), column.comment(), value);
  }

  private void alter(List<Column> columns, TableSchema result) {
    Set<String> altered = new HashSet<>();
    List<String> names = new ArrayList<>();
    for (Column column : columns) {
      int index = result.indexOf(column.name());
      Column now = result.columns().get(index);
      checkStoredValues(column.name());
      if (!now.equals(column) && altered.add(column.name())) {
        names.add(column.name());
      }
    }
    List<String> keptOrder = columns.stream().map(Column::name).toList();
    List<String> newOrder =
        result.columns().stream().map(Column::name).filter(keptOrder::contains).toList();
    if (!keptOrder.equals(newOrder)) {
      for (int i = 0; i < keptOrder.size(); i++) {
        if (!keptOrder.get(i).equals(newOrder.get(i)) && altered.add(newOrder.get(i))) {
          names.add(newOrder.get(i));
        }
      }
    }
    if (!names.isEmpty()) {
      changes.add(new SchemaChange.AlterColumns(result, names, origin));
    }
  }

  private void checkStoredValues(String name) {
    int was = before.schema().indexOf(oldName(name));
    int is = after.schema().indexOf(name);
    String change =
        StoredValues.change(
            before.source().columns().get(was),
            before.types().get(was),
            after.source().columns().get(is),
            after.types().get(is),
            strict);
    if (change != null) {
      throw new UnsupportedChangeException(
          "Following table "
              + after.table()
              + " failed: the new definition of column '"
              + name
              + "' "
              + change
              + ", which the binlog does not show; exclude the table from this pipeline and mirror it"
              + " with another one into a new table ('"
              + Texts.quote(origin.statement())
              + "').");
    }
  }

  private String oldName(String name) {
    for (Map.Entry<String, String> rename : renames.entrySet()) {
      if (rename.getValue().equals(name)) {
        return rename.getKey();
      }
    }
    return name;
  }

  private TableSchema schema(List<Column> columns) {
    List<String> key = after.schema().primaryKey();
    return new TableSchema(after.table(), columns, key);
  }
}
