package io.firn.runtime.fake;

import io.firn.model.row.Operation;
import io.firn.model.row.Row;
import io.firn.model.row.RowChange;
import io.firn.model.schema.Column;
import io.firn.model.schema.TableId;
import io.firn.model.schema.TableSchema;
import io.firn.model.stream.SourcePosition;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.apache.iceberg.types.Types;

/**
 * A source database with a random history: a keyed table {@code shop.orders} (id, owner, value), a
 * table without a key {@code shop.events}, an initial content and then transactions.
 *
 * <p>In {@code orders} the owner is unique at any time and moves between rows, as a second key
 * does.
 */
public final class FakeDatabase {
  public static final TableId ORDERS = new TableId("shop", "orders");
  public static final TableId EVENTS = new TableId("shop", "events");
  public static final TableSchema ORDERS_SCHEMA =
      new TableSchema(
          ORDERS,
          List.of(
              Column.of("id", Types.LongType.get(), false),
              Column.of("owner", Types.LongType.get(), false),
              Column.of("value", Types.StringType.get(), true)),
          List.of("id"));
  public static final TableSchema EVENTS_SCHEMA =
      new TableSchema(EVENTS, List.of(Column.of("text", Types.StringType.get(), true)), List.of());

  private static final String FILE = "binlog.000001";

  /** Rows at the moment of the snapshot. */
  public final List<RowChange> snapshot = new ArrayList<>();

  /** Changes by transaction, in order. */
  public final List<List<RowChange>> transactions = new ArrayList<>();

  private final Map<Long, Row> orders = new TreeMap<>();
  private final List<String> events = new ArrayList<>();
  private final Map<Long, Long> changesPerId = new TreeMap<>();
  private final Map<Long, Long> changesPerOwner = new TreeMap<>();

  public FakeDatabase(Random random, int snapshotRows, int transactionCount) {
    for (int i = 0; i < snapshotRows; i++) {
      Row row = Row.of((long) i, 1000L + i, "s" + i);
      RowChange.Meta meta = new RowChange.Meta(SourcePosition.snapshot(i), null, 0);
      add(snapshot, new RowChange(ORDERS_SCHEMA, Operation.READ, null, row, meta));
    }
    for (int t = 0; t < transactionCount; t++) {
      List<RowChange> transaction = new ArrayList<>();
      int size = random.nextInt(20) == 0 ? 60 : 1 + random.nextInt(6);
      for (int i = 0; i < size; i++) {
        addRandomChange(random, t, transaction);
      }
      transactions.add(transaction);
    }
  }

  private void addRandomChange(Random random, int t, List<RowChange> to) {
    long id = random.nextInt(12);
    Row existing = orders.get(id);
    int kind = random.nextInt(4);
    if (kind == 0) {
      Row row = Row.of("e" + t + "-" + to.size());
      add(to, change(EVENTS_SCHEMA, Operation.INSERT, null, row, t, to.size()));
    } else if (existing == null) {
      Row row = Row.of(id, freeOwner(random), "i" + t + "-" + to.size());
      add(to, change(ORDERS_SCHEMA, Operation.INSERT, null, row, t, to.size()));
    } else if (kind == 1) {
      add(to, change(ORDERS_SCHEMA, Operation.DELETE, existing, null, t, to.size()));
    } else {
      Object owner = kind == 2 ? existing.get(1) : freeOwner(random);
      Row row = Row.of(id, owner, "u" + t + "-" + to.size());
      add(to, change(ORDERS_SCHEMA, Operation.UPDATE, existing, row, t, to.size()));
    }
  }

  private Long freeOwner(Random random) {
    List<Long> free = new ArrayList<>();
    for (long owner = 1; owner <= 15; owner++) {
      free.add(owner);
    }
    orders.values().forEach(row -> free.remove(row.get(1)));
    return free.get(random.nextInt(free.size()));
  }

  private static RowChange change(
      TableSchema schema, Operation operation, Row before, Row after, int transaction, int row) {
    SourcePosition position = SourcePosition.binlog(FILE, 100L * transaction + 4, row, null);
    return new RowChange(
        schema, operation, before, after, new RowChange.Meta(position, "t" + transaction, 0));
  }

  private void add(List<RowChange> to, RowChange change) {
    to.add(change);
    if (change.table().equals(EVENTS)) {
      events.add((String) change.after().get(0));
      return;
    }
    Row image = change.keyImage();
    changesPerId.merge((Long) image.get(0), 1L, Long::sum);
    if (change.operation() == Operation.DELETE) {
      orders.remove((Long) image.get(0));
    } else {
      orders.put((Long) image.get(0), image);
    }
    // By owner: an update that moves the owner is a delete there and an insert here.
    if (change.operation() == Operation.UPDATE
        && !change.before().get(1).equals(change.after().get(1))) {
      changesPerOwner.merge((Long) change.before().get(1), 1L, Long::sum);
    }
    changesPerOwner.merge((Long) image.get(1), 1L, Long::sum);
  }

  /** Place before the transaction with this index. */
  public SourcePosition positionOf(int transaction) {
    return SourcePosition.binlog(FILE, 100L * transaction + 4, 0, null);
  }

  /** Which transaction begins at a place. */
  static int transactionAt(SourcePosition position) {
    return (int) ((position.offset() - 4) / 100);
  }

  /** The place after everything. */
  public SourcePosition end() {
    return positionOf(transactions.size());
  }

  /** What {@link FakeLake#visibleOrders} must hold in the end, if keyed by id. */
  public Map<Long, String> expectedById() {
    Map<Long, String> expected = new TreeMap<>();
    orders.forEach((id, row) -> expected.put(id, row.get(2) + "#" + changesPerId.get(id)));
    return expected;
  }

  /** What {@link FakeLake#visibleOrders} must hold in the end, if keyed by owner. */
  public Map<Long, String> expectedByOwner() {
    Map<Long, String> expected = new TreeMap<>();
    orders.forEach(
        (id, row) ->
            expected.put((Long) row.get(1), row.get(2) + "#" + changesPerOwner.get(row.get(1))));
    return expected;
  }

  /** What {@link FakeLake#sortedEvents} must be in the end. */
  public List<String> expectedEvents() {
    List<String> sorted = new ArrayList<>(events);
    Collections.sort(sorted);
    return sorted;
  }
}
