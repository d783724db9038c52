package io.firn.runtime.state.rocksdb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.firn.model.state.KeyGroups;
import io.firn.model.state.StateTable;
import io.firn.runtime.checkpoint.LocalCheckpointStorage;
import io.firn.runtime.state.CorruptStateException;
import io.firn.runtime.state.KeyedStateStore;
import io.firn.runtime.state.StateFile;
import io.firn.runtime.state.StateSnapshot;
import io.firn.runtime.state.TaskStateFiles;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RocksStateBackendTest {
  @TempDir Path directory;
  private RocksStateBackend backend;
  private LocalCheckpointStorage storage;
  private long epoch;
  private List<KeyedStateStore> stores = List.of();

  @BeforeEach
  void open() {
    backend = new RocksStateBackend(directory.resolve("state"), new RocksOptions(4 << 20, 4 << 20));
    storage = new LocalCheckpointStorage(directory.resolve("checkpoints"));
  }

  @AfterEach
  void close() {
    stores.forEach(KeyedStateStore::close);
    backend.close();
  }

  private static byte[] key(int group, int number) {
    return ByteBuffer.allocate(6).putShort((short) group).putInt(number).array();
  }

  private static byte[] value(long number) {
    return ByteBuffer.allocate(8).putLong(number).array();
  }

  private void create(int parallelism) throws IOException {
    stores = backend.create(++epoch, parallelism);
  }

  private void restart(int parallelism, List<TaskStateFiles> checkpoint)
      throws IOException, CorruptStateException {
    stores.forEach(KeyedStateStore::close);
    stores = List.of();
    stores = backend.restore(++epoch, parallelism, checkpoint, storage);
  }

  private List<TaskStateFiles> checkpoint(long id) throws IOException {
    List<TaskStateFiles> result = new ArrayList<>();
    for (int task = 0; task < stores.size(); task++) {
      try (StateSnapshot snapshot = stores.get(task).snapshot(id)) {
        result.add(
            new TaskStateFiles(KeyGroups.rangeOf(task, stores.size()), snapshot.store(storage)));
      }
    }
    return result;
  }

  private StateTable tableOf(int group, String name) {
    return stores.get(KeyGroups.taskOf(group, stores.size())).table(name);
  }

  private Map<String, Long> content(String name) {
    Map<String, Long> all = new TreeMap<>();
    for (int task = 0; task < stores.size(); task++) {
      StateTable table = stores.get(task).table(name);
      int expectedTask = task;
      table.forEach(
          new byte[0],
          (key, value) -> {
            int group = ByteBuffer.wrap(key).getShort();
            assertThat(KeyGroups.taskOf(group, stores.size())).isEqualTo(expectedTask);
            all.put(Arrays.toString(key), ByteBuffer.wrap(value).getLong());
          });
    }
    return all;
  }

  @Test
  void tableIsAMap() throws IOException {
    create(1);
    StateTable table = stores.get(0).table("index");
    table.put(key(1, 1), value(11));
    table.put(key(1, 2), value(12));
    table.put(key(2, 1), value(21));
    table.delete(key(1, 2));

    assertThat(table.get(key(1, 1))).isEqualTo(value(11));
    assertThat(table.get(key(1, 2))).isNull();
    assertThat(table.getAll(new byte[][] {key(2, 1), key(9, 9), key(1, 1)}))
        .isEqualTo(new byte[][] {value(21), null, value(11)});
    table.deleteRange(key(1, 0), key(2, 0));
    table.deleteRange(key(2, 0), key(2, 0));
    assertThat(content("index")).hasSize(1);
    assertThat(stores.get(0).table("other").get(key(2, 1))).isNull();
  }

  @Test
  void sortedBatchesOfAnySizeAreOrderedWithAllOtherChanges() throws Exception {
    create(2);
    TreeMap<byte[], byte[]> expected = new TreeMap<>(Arrays::compareUnsigned);
    Random random = new Random(3);
    List<TaskStateFiles> checkpoint = null;
    for (int round = 1; round <= 6; round++) {
      for (int task = 0; task < stores.size(); task++) {
        TreeMap<byte[], byte[]> batch = new TreeMap<>(Arrays::compareUnsigned);
        int size = round % 2 == 0 ? 60_000 : 300;
        for (int i = 0; i < size; i++) {
          byte[] value = random.nextInt(3) == 0 ? null : value(random.nextLong());
          batch.put(key(task * 64 + random.nextInt(64), random.nextInt(2000)), value);
        }
        byte[][] keys = batch.keySet().toArray(new byte[0][]);
        byte[][] values = batch.values().toArray(new byte[0][]);
        StateTable table = stores.get(task).table("index");
        table.putAllSorted(keys, values, keys.length);
        expected.putAll(batch);
        byte[] from = key(task * 64 + round, 0);
        byte[] to = key(task * 64 + round, 500);
        table.deleteRange(from, to);
        expected.subMap(from, to).clear();
        byte[] single = key(task * 64 + round, 7);
        table.put(single, value(round));
        expected.put(single, value(round));
      }
      checkpoint = checkpoint(round);
    }
    expected.values().removeIf(java.util.Objects::isNull);
    Map<String, Long> content = new TreeMap<>();
    expected.forEach(
        (key, value) -> content.put(Arrays.toString(key), ByteBuffer.wrap(value).getLong()));
    assertThat(content("index")).isEqualTo(content);
    restart(2, checkpoint);
    assertThat(content("index")).isEqualTo(content);
    restart(3, checkpoint);
    assertThat(content("index")).isEqualTo(content);
  }

  @Test
  void putAllSetsAndRemovesManyKeys() throws IOException {
    create(1);
    StateTable table = stores.get(0).table("index");
    int count = 40_000; // more than one native batch
    byte[][] keys = new byte[count + 5][];
    byte[][] values = new byte[count + 5][];
    for (int i = 0; i < count; i++) {
      keys[i] = key(i % 128, i);
      values[i] = i % 3 == 0 ? new byte[0] : i % 1000 == 1 ? new byte[300] : value(i);
    }
    table.putAll(keys, values, count);
    assertThat(table.get(keys[1])).hasSize(300);
    assertThat(table.get(keys[3])).isEmpty();
    assertThat(table.get(keys[count - 1])).isNotNull();

    Arrays.fill(values, null);
    values[7] = value(-7);
    table.putAll(keys, values, count);
    assertThat(content("index")).hasSize(1).containsEntry(Arrays.toString(keys[7]), -7L);
  }

  @Test
  void forEachVisitsAPrefixInOrder() throws IOException {
    create(1);
    StateTable table = stores.get(0).table("index");
    for (int i : new int[] {5, 300, 7, 0}) {
      table.put(key(3, i), value(i));
      table.put(key(4, i), value(i));
    }
    List<Long> seen = new ArrayList<>();
    table.forEach(new byte[] {0, 3}, (k, v) -> seen.add(ByteBuffer.wrap(v).getLong()));

    assertThat(seen).containsExactly(0L, 5L, 7L, 300L);
  }

  @Test
  void restoredStateIsThatOfTheSnapshot() throws Exception {
    create(2);
    for (int group = 0; group < 128; group++) {
      tableOf(group, "index").put(key(group, 1), value(group));
    }
    List<StateSnapshot> snapshots = stores.stream().map(s -> s.snapshot(1)).toList();
    Map<String, Long> expected = content("index");
    for (int group = 0; group < 128; group++) {
      tableOf(group, "index").put(key(group, 1), value(-1));
      tableOf(group, "index").put(key(group, 2), value(-1));
    }
    List<TaskStateFiles> checkpoint = new ArrayList<>();
    for (int task = 0; task < 2; task++) {
      checkpoint.add(
          new TaskStateFiles(KeyGroups.rangeOf(task, 2), snapshots.get(task).store(storage)));
      snapshots.get(task).close();
    }

    restart(2, checkpoint);

    assertThat(content("index")).isEqualTo(expected);
  }

  @Test
  void tableFilesAreStoredOnceAndSharedAcrossRestarts() throws Exception {
    create(1);
    stores.get(0).table("index").put(key(0, 1), value(1));
    List<TaskStateFiles> first = checkpoint(1);
    stores.get(0).table("index").put(key(0, 2), value(2));
    List<TaskStateFiles> second = checkpoint(2);
    restart(1, second);
    stores.get(0).table("index").put(key(0, 3), value(3));
    List<TaskStateFiles> third = checkpoint(3);

    assertThat(tables(second)).containsAll(tables(first));
    assertThat(tables(third)).containsAll(tables(second)).hasSizeGreaterThan(tables(second).size());
    assertThat(third.get(0).files())
        .noneMatch(
            file -> !file.localName().endsWith(".sst") && second.get(0).files().contains(file));
  }

  private static List<StateFile> tables(List<TaskStateFiles> checkpoint) {
    return checkpoint.get(0).files().stream().filter(f -> f.localName().endsWith(".sst")).toList();
  }

  @Test
  void unchangedStateRefersToTheSameFiles() throws Exception {
    create(1);
    stores.get(0).table("index").put(key(0, 1), value(1));
    List<TaskStateFiles> first = checkpoint(1);
    assertThat(checkpoint(2)).isEqualTo(first);

    restart(1, first);
    stores.get(0).table("index").get(key(0, 1));
    assertThat(checkpoint(3)).isEqualTo(first);
  }

  @Test
  void stateSurvivesAnyChangeOfParallelism() throws Exception {
    create(1);
    Random random = new Random(3);
    for (int i = 0; i < 5000; i++) {
      int group = random.nextInt(128);
      tableOf(group, "index").put(key(group, i), value(i));
      tableOf(group, "other").put(key(group, i), value(-i));
    }
    Map<String, Long> index = content("index");
    Map<String, Long> other = content("other");
    long id = 1;
    for (int parallelism : new int[] {2, 4, 3, 1, 4, 2, 2, 1}) {
      restart(parallelism, checkpoint(id++));
      assertThat(content("index")).as("at " + parallelism).isEqualTo(index);
      assertThat(content("other")).as("at " + parallelism).isEqualTo(other);
    }
  }

  @Test
  void anyDamagedFileIsNoticedBeforeOpening() throws Exception {
    for (int parallelism : new int[] {1, 2}) {
      create(1);
      for (int i = 0; i < 100; i++) {
        stores.get(0).table("index").put(key(i, i), value(i));
      }
      List<TaskStateFiles> checkpoint = checkpoint(1);
      for (StateFile file : checkpoint.get(0).files()) {
        Path object = directory.resolve("checkpoints").resolve(file.objectName());
        byte[] content = Files.readAllBytes(object);
        List<byte[]> damages = new ArrayList<>();
        damages.add(Arrays.copyOf(content, content.length / 2));
        damages.add(Arrays.copyOf(content, content.length * 9 / 10));
        damages.add(new byte[0]);
        damages.add(Arrays.copyOf(content, content.length + 1));
        byte[] flipped = content.clone();
        flipped[content.length / 3] ^= 4;
        damages.add(flipped);
        for (byte[] damage : damages) {
          Files.delete(object);
          Files.write(object, damage);
          assertThatThrownBy(() -> restart(parallelism, checkpoint))
              .as(file.localName() + " with " + damage.length + " bytes")
              .isInstanceOf(CorruptStateException.class)
              .hasMessageContaining(file.objectName());
        }
        Files.delete(object);
        assertThatThrownBy(() -> restart(parallelism, checkpoint))
            .isInstanceOf(CorruptStateException.class)
            .hasMessageContaining("missing");
        Files.write(object, content);
      }
      restart(parallelism, checkpoint);
      assertThat(content("index")).hasSize(100);
      stores.forEach(KeyedStateStore::close);
      stores = List.of();
    }
  }

  @Test
  void onlyTheOwnerMayReadStateAndWhatIsStoredOfIt() throws Exception {
    create(1);
    stores.get(0).table("index").put(key(0, 1), value(1));
    List<TaskStateFiles> checkpoint = checkpoint(1);
    for (StateFile file : checkpoint.get(0).files()) {
      assertThat(mode(directory.resolve("checkpoints").resolve(file.objectName())))
          .as(file.objectName())
          .isEqualTo("rw-------");
    }
    restart(2, checkpoint);
    try (var paths = Files.walk(directory.resolve("state"))) {
      for (Path path : paths.filter(Files::isDirectory).toList()) {
        assertThat(mode(path)).as(path.toString()).isEqualTo("rwx------");
      }
    }
  }

  private static String mode(Path path) throws IOException {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
  }

  @Test
  void checkpointWithoutFilesIsCorruptNotEmpty() throws Exception {
    create(1);
    List<TaskStateFiles> nothing = List.of(new TaskStateFiles(KeyGroups.rangeOf(0, 1), List.of()));
    assertThatThrownBy(() -> restart(1, nothing)).isInstanceOf(CorruptStateException.class);
    assertThatThrownBy(() -> restart(2, List.of())).isInstanceOf(CorruptStateException.class);
  }

  @Test
  void secondInstanceLeavesTheFirstOnesFilesAlone() throws Exception {
    create(1);
    stores.get(0).table("index").put(key(0, 1), value(1));
    try (RocksStateBackend second =
        new RocksStateBackend(directory.resolve("state"), new RocksOptions(4 << 20, 4 << 20))) {
      List<KeyedStateStore> others = second.create(2, 1);
      try (StateSnapshot snapshot = stores.get(0).snapshot(1)) {
        assertThat(snapshot.store(storage)).isNotEmpty();
      }
      others.forEach(KeyedStateStore::close);
    }
  }

  @Test
  void abandonedWorkingFilesAreRemoved() throws Exception {
    Path abandoned = Files.createDirectories(directory.resolve("state/epoch-77/task-0/db"));
    Files.writeString(abandoned.resolve("CURRENT"), "x");
    create(1);

    assertThat(directory.resolve("state/epoch-77")).doesNotExist();
  }

  @Test
  void badTableNamesAreRefused() throws Exception {
    create(1);
    for (String name : new String[] {"", "Default", "default", "a/b", "ä"}) {
      assertThatThrownBy(() -> stores.get(0).table(name))
          .isInstanceOf(IllegalArgumentException.class);
    }
  }
}
