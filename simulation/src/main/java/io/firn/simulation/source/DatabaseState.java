package io.firn.simulation.source;

import io.firn.model.schema.TableId;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Definitions and rows of all tables at one moment. Written from the rules of a database, not from
 * the pipeline's code: this is what the oracle believes.
 */
public final class DatabaseState {
  private final Map<TableId, SourceTable> tables = new TreeMap<>();
  private final Map<TableId, List<Map<String, Object>>> rows = new TreeMap<>();

  /** No tables. */
  public DatabaseState() {}

  /** A copy that can be changed by itself. */
  public DatabaseState copy() {
    DatabaseState copy = new DatabaseState();
    copy.tables.putAll(tables);
    rows.forEach((table, content) -> copy.rows.put(table, new ArrayList<>(content)));
    return copy;
  }

  void create(SourceTable table) {
    tables.put(table.id(), table);
    rows.put(table.id(), new ArrayList<>());
  }

  /** All tables, in order of their names. */
  public List<SourceTable> tables() {
    return List.copyOf(tables.values());
  }

  /** A table's definition. */
  public SourceTable table(TableId id) {
    return tables.get(id);
  }

  /** A table's rows; those of tables without a key may repeat. Not to be changed. */
  public List<Map<String, Object>> rows(TableId id) {
    return rows.get(id);
  }

  /** Applies what an event does. */
  public void apply(SourceEvent event) {
    if (event instanceof SourceEvent.Rows changes) {
      changes.operations().forEach(this::apply);
    } else if (event instanceof SourceEvent.Truncate truncate) {
      rows.get(truncate.table()).clear();
    } else if (event instanceof SourceEvent.Statement statement) {
      tables.put(statement.table(), statement.after());
      rows.get(statement.table()).replaceAll(row -> reshape(row, statement));
    }
  }

  private void apply(RowOperation operation) {
    List<Map<String, Object>> content = rows.get(operation.table());
    if (operation.before() != null && !content.remove(operation.before())) {
      throw new IllegalStateException("No such row: " + operation);
    }
    if (operation.after() != null) {
      content.add(operation.after());
    }
  }

  /** A row as it is after a statement. */
  public static Map<String, Object> reshape(
      Map<String, Object> row, SourceEvent.Statement statement) {
    Map<String, Object> reshaped = new LinkedHashMap<>(row);
    if (statement instanceof SourceEvent.AddColumn add) {
      reshaped.put(add.column().name(), add.column().defaultValue());
    } else if (statement instanceof SourceEvent.DropColumn drop) {
      reshaped.remove(drop.column());
    } else if (statement instanceof SourceEvent.RenameColumn rename) {
      rename.names().forEach((from, to) -> reshaped.put(to, reshaped.remove(from)));
    } else if (statement instanceof SourceEvent.WidenColumn widen) {
      reshaped.computeIfPresent(widen.column(), (name, value) -> ((Integer) value).longValue());
    }
    return reshaped;
  }
}
