package io.firn.lake.index;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.firn.model.row.KeyHash;
import io.firn.model.row.Row;
import io.firn.model.schema.Column;
import io.firn.model.schema.TableId;
import io.firn.model.schema.TableSchema;
import java.util.ArrayList;
import java.util.List;
import org.apache.iceberg.types.Types;
import org.junit.jupiter.api.Test;

class HotTableTest {
  private static final TableId TABLE = new TableId("shop", "orders");
  private static final TableSchema SCHEMA =
      new TableSchema(TABLE, List.of(Column.of("id", Types.LongType.get(), false)), List.of("id"));
  private static final int SEGMENT = OffHeapMemory.SEGMENT_BYTES;

  private final KeyEncoder encoder = new KeyEncoder(TABLE, SCHEMA);
  private final OffHeapMemory memory = new OffHeapMemory();
  private final List<HotTable> dirtyTables = new ArrayList<>();
  private final List<byte[]> dirtyKeys = new ArrayList<>();
  private final List<Long> writtenBack = new ArrayList<>();

  private byte[] key(long id) {
    Row row = Row.of(id);
    return encoder.encode(row, KeyHash.of(row, SCHEMA.keyIndexes()));
  }

  private HotTable table(PagePool pool) {
    return new HotTable(pool, KeyForm.number(), this::writeBack);
  }

  private void change(HotTable table, long id) {
    byte[] key = key(id);
    if (table.change(key, RowLocation.of(1, id))) {
      dirtyTables.add(table);
      dirtyKeys.add(key);
    }
  }

  private void writeBack() {
    for (int i = 0; i < dirtyKeys.size(); i++) {
      writtenBack.add(dirtyTables.get(i).take(dirtyKeys.get(i)));
    }
    dirtyTables.clear();
    dirtyKeys.clear();
  }

  @Test
  void staysWithinItsBudgetAndKeepsTheKeysInUse() {
    PagePool pool = new PagePool(memory, 2 * SEGMENT);
    HotTable table = table(pool);
    for (int id = 0; id < 300_000; id++) {
      change(table, id);
      // The first keys are asked for all the time, and read from the state if they are not here.
      if (table.get(key(id % 1000)) == HotTable.UNKNOWN) {
        table.fill(key(id % 1000), RowLocation.of(1, id % 1000), true);
      }
    }
    assertThat(pool.bytes()).isEqualTo(2 * SEGMENT);
    assertThat(table.isLossy()).isTrue();
    long popular = 0;
    long others = 0;
    for (int id = 0; id < 300_000; id++) {
      if (table.get(key(id)) != HotTable.UNKNOWN) {
        popular += id < 1000 ? 1 : 0;
        others += id < 1000 ? 0 : 1;
      }
    }
    assertThat(popular).isGreaterThan(950);
    assertThat(others).isBetween(80_000L, 110_000L);
  }

  @Test
  void tablesShareASinglePageWithoutLosingAChange() {
    PagePool pool = new PagePool(memory, 1);
    List<HotTable> tables = List.of(table(pool), table(pool), table(pool));
    for (int i = 0; i < 5000; i++) {
      int number = i % 7 % 3;
      change(tables.get(number), i);
      assertThat(tables.get(number).get(key(i))).isEqualTo(RowLocation.of(1, i));
    }
    writeBack();
    assertThat(pool.bytes()).isEqualTo(SEGMENT);
    assertThat(writtenBack).hasSize(5000).doesNotHaveDuplicates();
  }

  @Test
  void knowsEveryKeyWhileThereIsRoom() {
    HotTable table = table(new PagePool(memory, 16 * SEGMENT));
    for (int id = 0; id < 300_000; id++) {
      change(table, id);
    }
    assertThat(table.isLossy()).isFalse();
    for (int id = 0; id < 300_000; id++) {
      assertThat(table.get(key(id))).isEqualTo(RowLocation.of(1, id));
    }
    assertThat(table.get(key(300_000))).isEqualTo(HotTable.UNKNOWN);
  }

  @Test
  void aTableThatIsUsedTakesMemoryFromOneThatIsNot() {
    PagePool pool = new PagePool(memory, 2 * SEGMENT);
    HotTable idle = table(pool);
    for (int id = 0; id < 200_000; id++) {
      change(idle, id);
    }
    writeBack();
    HotTable busy = table(pool);
    for (int round = 0; round < 20; round++) {
      for (int id = 0; id < 50_000; id++) {
        if (busy.get(key(id)) == HotTable.UNKNOWN) {
          busy.fill(key(id), RowLocation.of(2, id), true);
        }
      }
    }
    int known = 0;
    for (int id = 0; id < 50_000; id++) {
      known += busy.get(key(id)) == HotTable.UNKNOWN ? 0 : 1;
    }
    assertThat(known).isGreaterThan(45_000);
    assertThat(idle.isLossy()).isTrue();
  }

  @Test
  void fillingLeavesChangesAloneAndMakesRoomOnlyIfAllowed() {
    HotTable table = table(new PagePool(memory, SEGMENT));
    change(table, 1);
    assertThat(table.fill(key(1), RowLocation.of(9, 9), true)).isTrue();
    assertThat(table.get(key(1))).isEqualTo(RowLocation.of(1, 1));
    int filled = 2;
    while (table.fill(key(filled), RowLocation.of(3, filled), false)) {
      filled++;
    }
    assertThat(filled).isGreaterThan(25_000);
    assertThat(table.isLossy()).isFalse();
    assertThat(table.fill(key(filled), RowLocation.of(3, filled), true)).isTrue();
    assertThat(table.isLossy()).isTrue();
    assertThat(table.get(key(1))).isEqualTo(RowLocation.of(1, 1));
  }

  @Test
  void memoryGoesFromOneLifeToTheNextAndCannotBeReachedAfterwards() {
    PagePool pool = new PagePool(memory, 4 * SEGMENT);
    HotTable table = table(pool);
    for (int id = 0; id < 150_000; id++) {
      change(table, id);
    }
    pool.close();
    assertThat(memory.freeSegments()).isEqualTo(4);
    assertThatThrownBy(() -> table.get(key(1))).isInstanceOf(IndexOutOfBoundsException.class);
    pool.close();
    assertThat(memory.freeSegments()).isEqualTo(4);
    HotTable next = table(new PagePool(memory, 4 * SEGMENT));
    assertThat(next.get(key(1))).isEqualTo(HotTable.UNKNOWN);
    change(next, 5);
    assertThat(memory.freeSegments()).isEqualTo(3);
    for (int id = 0; id < 100; id++) {
      assertThat(next.get(key(id))).isEqualTo(id == 5 ? RowLocation.of(1, 5) : HotTable.UNKNOWN);
    }
  }

  @Test
  void aClearedTableGivesItsPagesBack() {
    PagePool pool = new PagePool(memory, SEGMENT);
    HotTable table = table(pool);
    for (int round = 0; round < 50; round++) {
      for (int id = 0; id < 20_000; id++) {
        change(table, id);
      }
      dirtyKeys.clear();
      dirtyTables.clear();
      table.clear();
    }
    assertThat(pool.bytes()).isEqualTo(SEGMENT);
    assertThat(table.isLossy()).isFalse();
    assertThat(table.get(key(1))).isEqualTo(HotTable.UNKNOWN);
  }
}
