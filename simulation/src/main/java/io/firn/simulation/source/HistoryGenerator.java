package io.firn.simulation.source;

import io.firn.model.schema.TableId;
import io.firn.simulation.source.SourceColumn.Kind;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * Makes up a history: a table with a key, one without, one with a key of two columns; inserts,
 * updates, deletes, changes of keys, large transactions, and changes of the tables' definitions.
 */
public final class HistoryGenerator {
  /** A table with a key of one column. */
  public static final TableId ORDERS = new TableId("shop", "orders");

  /** A table without a key. */
  public static final TableId EVENTS = new TableId("shop", "events");

  /** A table with a key of two columns. */
  public static final TableId LINES = new TableId("shop", "lines");

  private static final int IDS = 12;
  private static final int LARGE_TRANSACTION_ROWS = 60;

  private final Random random;
  private final boolean defaults;
  private final double statementRate;
  private final DatabaseState state = new DatabaseState();
  private int values;

  /**
   * @param random decides
   * @param defaults whether added columns may have defaults for older rows
   * @param statementRate how many of the transactions are statements
   */
  public HistoryGenerator(Random random, boolean defaults, double statementRate) {
    this.random = random;
    this.defaults = defaults;
    this.statementRate = statementRate;
  }

  /** A history of so many tables (1 to 3), rows in the beginning, and transactions. */
  public SourceHistory generate(int tables, int initialRows, int transactions) {
    SourceColumn id = new SourceColumn("id", Kind.LONG, false, null);
    SourceColumn line = new SourceColumn("line", Kind.INT, false, null);
    SourceColumn region = new SourceColumn("region", Kind.INT, false, null);
    SourceColumn note = new SourceColumn("note", Kind.TEXT, true, null);
    state.create(new SourceTable(ORDERS, 1, List.of(id, region, note), List.of("id")));
    if (tables > 1) {
      state.create(new SourceTable(EVENTS, 1, List.of(id, region, note), List.of()));
    }
    if (tables > 2) {
      state.create(
          new SourceTable(LINES, 1, List.of(line, id, region, note), List.of("id", "line")));
    }
    for (int i = 0; i < initialRows; i++) {
      state.apply(rowEvent(pick(state.tables())));
    }
    DatabaseState initial = state.copy();
    List<SourceTransaction> made = new ArrayList<>();
    for (int i = 0; i < transactions; i++) {
      made.add(transaction());
    }
    return new SourceHistory(initial, made);
  }

  private SourceTransaction transaction() {
    if (random.nextDouble() < statementRate) {
      SourceEvent statement = statement(pick(state.tables()));
      state.apply(statement);
      return new SourceTransaction(List.of(statement));
    }
    List<SourceEvent> events = new ArrayList<>();
    int size = random.nextInt(40) == 0 ? LARGE_TRANSACTION_ROWS : 1 + random.nextInt(5);
    for (int i = 0; i < size; i++) {
      SourceEvent event = rowEvent(pick(state.tables()));
      state.apply(event);
      events.add(event);
    }
    return new SourceTransaction(events);
  }

  private static SourceEvent.Rows rows(RowOperation... operations) {
    return new SourceEvent.Rows(List.of(operations));
  }

  private SourceEvent.Rows rowEvent(SourceTable table) {
    List<Map<String, Object>> rows = state.rows(table.id());
    if (!table.keyed()) {
      if (rows.isEmpty() || random.nextInt(4) != 0) {
        return rows(new RowOperation(table.id(), null, row(table, Map.of())));
      }
      Map<String, Object> before = pick(rows);
      Map<String, Object> after = random.nextBoolean() ? null : row(table, before);
      return rows(new RowOperation(table.id(), before, after));
    }
    Map<String, Object> key = randomKey(table);
    Map<String, Object> before = find(table, key);
    if (before == null) {
      return rows(new RowOperation(table.id(), null, row(table, key)));
    }
    int kind = random.nextInt(6);
    if (kind == 0) {
      return rows(new RowOperation(table.id(), before, null));
    }
    Map<String, Object> other = randomKey(table);
    if (kind == 1 && find(table, other) == null) {
      Map<String, Object> after = new LinkedHashMap<>(before);
      after.putAll(other);
      return rows(
          new RowOperation(table.id(), before, null), new RowOperation(table.id(), null, after));
    }
    return rows(new RowOperation(table.id(), before, row(table, key)));
  }

  private Map<String, Object> randomKey(SourceTable table) {
    Map<String, Object> key = new LinkedHashMap<>();
    key.put("id", (long) random.nextInt(table.key().size() == 1 ? IDS : IDS / 3));
    if (table.key().size() > 1) {
      key.put("line", random.nextInt(4));
    }
    return key;
  }

  private Map<String, Object> find(SourceTable table, Map<String, Object> key) {
    return state.rows(table.id()).stream()
        .filter(row -> row.entrySet().containsAll(key.entrySet()))
        .findFirst()
        .orElse(null);
  }

  private Map<String, Object> row(SourceTable table, Map<String, Object> given) {
    Map<String, Object> row = new LinkedHashMap<>();
    for (SourceColumn column : table.columns()) {
      boolean keep =
          table.keyed() ? table.key().contains(column.name()) : column.name().equals("id");
      row.put(
          column.name(),
          keep && given.containsKey(column.name()) ? given.get(column.name()) : value(column));
    }
    return row;
  }

  private Object value(SourceColumn column) {
    if (column.optional() && random.nextInt(6) == 0) {
      return null;
    }
    if (column.name().equals("region")) {
      return random.nextInt(3);
    }
    return switch (column.kind()) {
      case INT -> values++;
      case LONG -> (long) values++;
      case TEXT -> "v" + values++;
    };
  }

  private SourceEvent.Statement statement(SourceTable table) {
    List<SourceColumn> columns = new ArrayList<>(table.columns());
    List<SourceColumn> free =
        columns.stream()
            .filter(c -> !List.of("id", "line", "region", "note").contains(c.name()))
            .toList();
    int kind = random.nextInt(5);
    if (kind == 0) {
      return new SourceEvent.Truncate(table);
    }
    if (kind == 1 && !free.isEmpty()) {
      SourceColumn dropped = pick(free);
      columns.remove(dropped);
      return new SourceEvent.DropColumn(table.next(columns), dropped.name());
    }
    if (kind == 2) {
      SourceColumn renamed = free.isEmpty() ? null : pick(free);
      if (renamed != null) {
        String name = newName(columns);
        columns.set(columns.indexOf(renamed), renamed.withName(name));
        return new SourceEvent.RenameColumn(table.next(columns), Map.of(renamed.name(), name));
      }
    }
    if (kind == 3) {
      for (SourceColumn column : free) {
        if (column.kind() == Kind.INT) {
          columns.set(columns.indexOf(column), column.widened());
          return new SourceEvent.WidenColumn(table.next(columns), column.name());
        }
      }
    }
    SourceColumn added = newColumn(columns);
    columns.add(random.nextInt(columns.size() + 1), added);
    return new SourceEvent.AddColumn(table.next(columns), added);
  }

  private static SourceColumn find(List<SourceColumn> columns, String name) {
    return columns.stream().filter(c -> c.name().equals(name)).findFirst().orElse(null);
  }

  /** Few names, so that dropped ones come back. */
  private String newName(List<SourceColumn> columns) {
    String name = "c" + random.nextInt(columns.size() + 4);
    return find(columns, name) == null ? name : newName(columns);
  }

  private SourceColumn newColumn(List<SourceColumn> columns) {
    Kind kind = Kind.values()[random.nextInt(Kind.values().length)];
    boolean withDefault = defaults && random.nextBoolean();
    SourceColumn plain = new SourceColumn(newName(columns), kind, true, null);
    if (!withDefault) {
      return plain;
    }
    Object value = value(new SourceColumn("d", kind, false, null));
    return new SourceColumn(plain.name(), kind, random.nextBoolean(), value);
  }

  private <T> T pick(List<T> list) {
    return list.get(random.nextInt(list.size()));
  }
}
