package io.firn.lake.index;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.firn.lake.write.InMemoryStateStore;
import io.firn.model.row.KeyHash;
import io.firn.model.row.Row;
import io.firn.model.schema.Column;
import io.firn.model.schema.TableId;
import io.firn.model.schema.TableSchema;
import io.firn.model.state.KeyGroupRange;
import io.firn.model.state.StateTable;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.iceberg.types.Types;
import org.junit.jupiter.api.Test;

class StateKeyIndexTest {
  private static final KeyGroupRange ALL = new KeyGroupRange(0, 128);
  private static final TableId ORDERS = new TableId("shop", "orders");
  private static final TableId CUSTOMERS = new TableId("shop", "customers");

  private final InMemoryStateStore store = new InMemoryStateStore();
  private final StateTable state = store.table(StateKeyIndex.STATE_TABLE);
  private static final java.util.UUID TABLE = new java.util.UUID(1, 2);
  private final StateKeyIndex orders = new StateKeyIndex(state, ORDERS, ALL);
  private final StateKeyIndex customers = new StateKeyIndex(state, CUSTOMERS, ALL);

  private static byte[][] keys(TableId table, int from, int to) {
    TableSchema schema =
        new TableSchema(
            table, List.of(Column.of("id", Types.IntegerType.get(), false)), List.of("id"));
    KeyEncoder encoder = new KeyEncoder(table, schema);
    return IntStream.range(from, to)
        .mapToObj(
            id -> {
              Row row = Row.of(id);
              return encoder.encode(row, KeyHash.of(row, schema.keyIndexes()));
            })
        .sorted(Arrays::compareUnsigned)
        .toArray(byte[][]::new);
  }

  private static long[] lookup(PrimaryKeyIndex index, byte[][] keys) {
    long[] locations = new long[keys.length];
    index.lookup(keys, keys.length, locations);
    return locations;
  }

  @Test
  void findsWhatWasSetAndForgetsWhatWasRemoved() {
    byte[][] keys = keys(ORDERS, 0, 20_000);
    long[] locations =
        IntStream.range(0, keys.length).mapToLong(i -> RowLocation.of(77, i)).toArray();
    orders.update(keys, keys.length, locations);
    assertThat(lookup(orders, keys)).isEqualTo(locations);
    orders.update(new byte[][] {keys[5]}, 1, new long[] {RowLocation.NONE});
    assertThat(lookup(orders, keys)[5]).isEqualTo(RowLocation.NONE);
    assertThat(lookup(orders, keys)[6]).isEqualTo(locations[6]);
  }

  @Test
  void clearingATableLeavesTheOthersAlone() {
    byte[][] ours = keys(ORDERS, 0, 500);
    byte[][] theirs = keys(CUSTOMERS, 0, 500);
    orders.update(ours, 500, new long[500]);
    customers.update(theirs, 500, new long[500]);
    orders.markComplete(TABLE, new int[] {1});
    orders.clear();
    assertThat(lookup(orders, ours)).containsOnly(RowLocation.NONE);
    assertThat(lookup(customers, theirs)).containsOnly(0L);
    assertThat(orders.isComplete(TABLE, new int[] {1})).isTrue();
  }

  @Test
  void completenessIsPerKeyGroupAndPerKey() {
    new StateKeyIndex(state, ORDERS, new KeyGroupRange(0, 64))
        .markComplete(TABLE, new int[] {1, 2});
    assertThat(
            new StateKeyIndex(state, ORDERS, new KeyGroupRange(10, 20))
                .isComplete(TABLE, new int[] {1, 2}))
        .isTrue();
    assertThat(
            new StateKeyIndex(state, ORDERS, new KeyGroupRange(10, 20))
                .isComplete(TABLE, new int[] {2, 1}))
        .isFalse();
    assertThat(
            new StateKeyIndex(state, ORDERS, new KeyGroupRange(60, 70))
                .isComplete(TABLE, new int[] {1, 2}))
        .isFalse();
    assertThat(customers.isComplete(TABLE, new int[] {1, 2})).isFalse();
  }

  @Test
  void locationKeepsFileAndPosition() {
    long location = RowLocation.of(123_456_789L, RowLocation.MAX_ROWS_PER_FILE - 1);
    assertThat(RowLocation.fileId(location)).isEqualTo(123_456_789L);
    assertThat(RowLocation.position(location)).isEqualTo(RowLocation.MAX_ROWS_PER_FILE - 1);
    assertThatThrownBy(() -> RowLocation.of(1, RowLocation.MAX_ROWS_PER_FILE))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void theIndexOfAnotherTableOfThatNameIsRefused() {
    orders.markComplete(TABLE, new int[] {1});
    assertThatThrownBy(() -> orders.isComplete(new java.util.UUID(3, 4), new int[] {1}))
        .isInstanceOf(io.firn.model.error.InconsistentStateException.class)
        .hasMessageContaining("dropped and created again");
  }
}
