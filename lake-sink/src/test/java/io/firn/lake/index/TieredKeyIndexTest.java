package io.firn.lake.index;

import static org.assertj.core.api.Assertions.assertThat;

import io.firn.lake.write.InMemoryStateStore;
import io.firn.model.row.KeyHash;
import io.firn.model.row.Row;
import io.firn.model.schema.Column;
import io.firn.model.schema.TableId;
import io.firn.model.schema.TableSchema;
import io.firn.model.state.KeyGroupRange;
import io.firn.model.state.KeyGroups;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Supplier;
import org.apache.iceberg.types.Types;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The index against a {@code HashMap}: random changes of several tables, with checkpoints,
 * restores, other parallelisms, deletes, truncations, moved rows, little memory and bad hashes.
 */
class TieredKeyIndexTest {
  private static final long MIB = 1 << 20;

  /** What is hard about a run. */
  enum Difficulty {
    ROOM_FOR_ALL(64 * MIB, 3000, 30_000),
    NO_MEMORY_FOR_MOST(1, 500, 60_000),
    WRITES_BACK_ALL_THE_TIME(1, 7, 3_000),
    MORE_CHANGES_THAN_MEMORY(1, 1_000_000, 60_000),
    KEYS_THAT_COLLIDE(64 * MIB, 500, 3_000),
    KEYS_THAT_COLLIDE_IN_LITTLE_MEMORY(1, 100_000, 40_000);

    final long budget;
    final int dirtyKeys;
    final int keys;

    Difficulty(long budget, int dirtyKeys, int keys) {
      this.budget = budget;
      this.dirtyKeys = dirtyKeys;
      this.keys = keys;
    }

    boolean collides() {
      return name().contains("COLLIDE");
    }
  }

  /** A table with whole numbers as keys, and one with texts. */
  enum Table {
    ORDERS,
    CUSTOMERS;

    final TableId id = new TableId("shop", name().toLowerCase(java.util.Locale.ROOT));

    private final TableSchema schema =
        new TableSchema(
            id,
            List.of(
                Column.of(
                    "id", ordinal() == 0 ? Types.LongType.get() : Types.StringType.get(), false)),
            List.of("id"));

    final KeyEncoder encoder = new KeyEncoder(id, schema);

    int hash(int number) {
      return KeyHash.of(row(number), schema.keyIndexes());
    }

    byte[] key(int number) {
      return encoder.encode(row(number), hash(number));
    }

    private Row row(int number) {
      return Row.of(this == ORDERS ? (Object) (long) number : (Object) ("customer " + number));
    }

    KeyForm form(Difficulty difficulty) {
      if (!difficulty.collides()) {
        return this == ORDERS ? KeyForm.number() : KeyForm.hashed(new SipHash(1, 2));
      }
      // Number keys with equal routes but for the key group; text keys that differ in few bits.
      return this == ORDERS ? KeyForm.number(value -> 42) : KeyForm.hashed(new FewBitsHash());
    }
  }

  private static final class FewBitsHash extends SipHash {
    FewBitsHash() {
      super(3, 4);
    }

    @Override
    void digest(byte[] bytes, int from) {
      super.digest(bytes, from);
      first = 0;
    }
  }

  /** One task: its state, and the index over it. */
  private static final class Task {
    final InMemoryStateStore store = new InMemoryStateStore();
    final KeyGroupRange keyGroups;
    KeyIndexes indexes;

    Task(KeyGroupRange keyGroups) {
      this.keyGroups = keyGroups;
    }

    void open(Difficulty difficulty, OffHeapMemory memory) {
      indexes =
          new KeyIndexes(
              store.table(StateKeyIndex.STATE_TABLE),
              keyGroups,
              new PagePool(memory, difficulty.budget),
              new Random(5),
              difficulty.dirtyKeys);
    }
  }

  private final OffHeapMemory memory = new OffHeapMemory();
  private List<Task> tasks = new ArrayList<>();
  private List<InMemoryStateStore> checkpoint = new ArrayList<>();
  private Map<Table, Map<Integer, Long>> model = emptyModel();
  private Map<Table, Map<Integer, Long>> modelOfCheckpoint = emptyModel();
  private long lastLocation;

  private static Map<Table, Map<Integer, Long>> emptyModel() {
    Map<Table, Map<Integer, Long>> empty = new HashMap<>();
    for (Table table : Table.values()) {
      empty.put(table, new HashMap<>());
    }
    return empty;
  }

  private static Map<Table, Map<Integer, Long>> copy(Map<Table, Map<Integer, Long>> model) {
    Map<Table, Map<Integer, Long>> copy = new HashMap<>();
    model.forEach((table, keys) -> copy.put(table, new HashMap<>(keys)));
    return copy;
  }

  @ParameterizedTest
  @EnumSource
  void behavesLikeAMap(Difficulty difficulty) {
    for (long seed = 1; seed <= 4; seed++) {
      long s = seed;
      run(difficulty, new Random(seed), () -> difficulty + " seed=" + s);
    }
  }

  private void run(Difficulty difficulty, Random random, Supplier<String> name) {
    restore(difficulty, 1 + random.nextInt(3), true);
    for (int step = 0; step < 150; step++) {
      Table table = Table.values()[random.nextInt(2)];
      int what = random.nextInt(100);
      if (what < 75) {
        change(difficulty, table, random, name);
      } else if (what < 83) {
        repoint(difficulty, table, random, name);
      } else if (what < 85) {
        for (Task task : tasks) {
          task.indexes.of(table.id, table.form(difficulty)).clear();
        }
        model.get(table).clear();
      } else if (what < 95) {
        takeCheckpoint();
      } else {
        restore(difficulty, 1 + random.nextInt(4), false);
      }
    }
    for (Table table : Table.values()) {
      verifyAll(difficulty, table, name);
    }
  }

  private void change(Difficulty difficulty, Table table, Random random, Supplier<String> name) {
    int size = 1 + random.nextInt(random.nextInt(4) == 0 ? difficulty.keys / 2 : 300);
    boolean deletes = random.nextInt(4) == 0;
    int from = random.nextInt(difficulty.keys);
    boolean sequence = random.nextBoolean();
    Map<Integer, Long> batch = new HashMap<>();
    for (int i = 0; i < size; i++) {
      int number = sequence ? (from + i) % difficulty.keys : random.nextInt(difficulty.keys);
      boolean delete = deletes && random.nextInt(3) > 0;
      batch.put(number, delete ? RowLocation.NONE : newLocation());
    }
    forEachTask(
        table,
        batch.keySet(),
        (task, numbers, keys) -> {
          TieredKeyIndex index = task.indexes.of(table.id, table.form(difficulty));
          long[] locations = new long[keys.length];
          index.lookup(keys, keys.length, locations);
          for (int i = 0; i < keys.length; i++) {
            assertThat(locations[i])
                .describedAs("%s: %s %d", name.get(), table, numbers[i])
                .isEqualTo(model.get(table).getOrDefault(numbers[i], RowLocation.NONE));
            locations[i] = batch.get(numbers[i]);
          }
          index.update(keys, keys.length, locations);
        });
    batch.forEach((number, location) -> set(table, number, location));
  }

  private void repoint(Difficulty difficulty, Table table, Random random, Supplier<String> name) {
    Map<Integer, long[]> moves = new HashMap<>();
    for (int i = 0; i < 400; i++) {
      int number = random.nextInt(difficulty.keys);
      long now = model.get(table).getOrDefault(number, RowLocation.NONE);
      boolean stillThere = now != RowLocation.NONE && random.nextBoolean();
      moves.put(number, new long[] {stillThere ? now : newLocation(), newLocation()});
    }
    forEachTask(
        table,
        moves.keySet(),
        (task, numbers, keys) -> {
          int moved =
              task.indexes
                  .of(table.id, table.form(difficulty))
                  .repoint(
                      keys,
                      keys.length,
                      (i, found) -> {
                        assertThat(model.get(table).get(numbers[i]))
                            .describedAs(name.get())
                            .isEqualTo(found);
                        long[] move = moves.get(numbers[i]);
                        return found == move[0] ? move[1] : found;
                      });
          int expected = 0;
          for (int number : numbers) {
            if (model.get(table).getOrDefault(number, RowLocation.NONE) == moves.get(number)[0]) {
              expected++;
              set(table, number, moves.get(number)[1]);
            }
          }
          assertThat(moved).isEqualTo(expected);
        });
  }

  private void verifyAll(Difficulty difficulty, Table table, Supplier<String> name) {
    List<Integer> all = new ArrayList<>();
    int limit = Math.max(difficulty.keys, model.get(table).size());
    for (int number = 0; number < limit; number++) {
      all.add(number);
    }
    forEachTask(
        table,
        all,
        (task, numbers, keys) -> {
          long[] locations = new long[keys.length];
          task.indexes.of(table.id, table.form(difficulty)).lookup(keys, keys.length, locations);
          for (int i = 0; i < keys.length; i++) {
            if (locations[i] != model.get(table).getOrDefault(numbers[i], RowLocation.NONE)) {
              throw new AssertionError(name.get() + ": " + table + " " + numbers[i]);
            }
          }
        });
  }

  private long newLocation() {
    lastLocation++;
    return RowLocation.of(lastLocation / 1000, lastLocation % 1000);
  }

  private void set(Table table, int number, long location) {
    if (location == RowLocation.NONE) {
      model.get(table).remove(number);
    } else {
      model.get(table).put(number, location);
    }
  }

  private interface Batch {
    void accept(Task task, int[] numbers, byte[][] keys);
  }

  private void forEachTask(Table table, Iterable<Integer> all, Batch batch) {
    Map<Integer, List<Integer>> byTask = new HashMap<>();
    for (int number : all) {
      int group = KeyGroups.ofHash(table.hash(number));
      byTask
          .computeIfAbsent(KeyGroups.taskOf(group, tasks.size()), t -> new ArrayList<>())
          .add(number);
    }
    byTask.forEach(
        (task, numbers) -> {
          Map<Integer, byte[]> keyOf = new HashMap<>();
          numbers.forEach(number -> keyOf.put(number, table.key(number)));
          int[] sorted =
              numbers.stream()
                  .sorted((a, b) -> Arrays.compareUnsigned(keyOf.get(a), keyOf.get(b)))
                  .mapToInt(Integer::intValue)
                  .toArray();
          byte[][] keys = Arrays.stream(sorted).mapToObj(keyOf::get).toArray(byte[][]::new);
          batch.accept(tasks.get(task), sorted, keys);
        });
  }

  private void takeCheckpoint() {
    checkpoint = new ArrayList<>();
    for (Task task : tasks) {
      task.indexes.writeBack();
      InMemoryStateStore copy = new InMemoryStateStore();
      copy.restore(KeyGroups.rangeOf(0, 1), task.store);
      checkpoint.add(copy);
    }
    modelOfCheckpoint = copy(model);
  }

  private void restore(Difficulty difficulty, int parallelism, boolean empty) {
    tasks.forEach(task -> task.indexes.close());
    if (empty) {
      checkpoint = List.of();
      modelOfCheckpoint = emptyModel();
    }
    List<Task> restored = new ArrayList<>();
    for (int subtask = 0; subtask < parallelism; subtask++) {
      Task task = new Task(KeyGroups.rangeOf(subtask, parallelism));
      checkpoint.forEach(old -> task.store.restore(task.keyGroups, old));
      task.open(difficulty, memory);
      restored.add(task);
    }
    tasks = restored;
    model = copy(modelOfCheckpoint);
  }

  @ParameterizedTest
  @EnumSource
  void memoryFillsUpAfterARestartIfThereIsRoom(Table table) {
    restore(Difficulty.ROOM_FOR_ALL, 1, true);
    tasks.get(0).indexes.of(table.id, table.schema).clear();
    for (int number = 0; number < 200_000; number++) {
      set(table, number, newLocation());
    }
    forEachTask(
        table,
        model.get(table).keySet(),
        (task, numbers, keys) -> {
          long[] locations =
              Arrays.stream(numbers).mapToLong(number -> model.get(table).get(number)).toArray();
          task.indexes.of(table.id, table.schema).update(keys, keys.length, locations);
        });
    takeCheckpoint();
    restore(Difficulty.ROOM_FOR_ALL, 1, false);
    TieredKeyIndex index = tasks.get(0).indexes.of(table.id, table.schema);
    verifyAll(Difficulty.ROOM_FOR_ALL, table, () -> "after a restart");
    for (int group = 0; group < KeyGroups.COUNT; group++) {
      assertThat(index.isInMemory(group)).describedAs("key group %d", group).isTrue();
    }
    assertThat(tasks.get(0).indexes.memoryBytes())
        .describedAs("bytes for 200,000 keys that were loaded group by group")
        .isLessThan(200_000L * 55);
    byte[][] unknown = {table.key(1_000_000)};
    long[] locations = new long[1];
    index.lookup(unknown, 1, locations);
    assertThat(locations[0]).isEqualTo(RowLocation.NONE);
  }

  @Test
  void stateHasEverythingAfterWritingBackAndNothingBefore() {
    restore(Difficulty.ROOM_FOR_ALL, 1, true);
    Task task = tasks.get(0);
    TieredKeyIndex index = task.indexes.of(Table.ORDERS.id, Table.ORDERS.schema);
    index.update(new byte[][] {Table.ORDERS.key(7)}, 1, new long[] {RowLocation.of(1, 2)});
    assertThat(task.store.size(StateKeyIndex.STATE_TABLE)).isZero();
    task.indexes.writeBack();
    assertThat(task.store.size(StateKeyIndex.STATE_TABLE)).isOne();
    index.update(new byte[][] {Table.ORDERS.key(7)}, 1, new long[] {RowLocation.NONE});
    task.indexes.writeBack();
    assertThat(task.store.size(StateKeyIndex.STATE_TABLE)).isZero();
  }
}
