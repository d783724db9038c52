package io.firn.runtime.fake;

import io.firn.model.checkpoint.CheckpointStorage;
import io.firn.model.state.KeyGroups;
import io.firn.model.state.StateTable;
import io.firn.runtime.state.Checksums;
import io.firn.runtime.state.CorruptStateException;
import io.firn.runtime.state.KeyedStateStore;
import io.firn.runtime.state.StateBackend;
import io.firn.runtime.state.StateFile;
import io.firn.runtime.state.StateSnapshot;
import io.firn.runtime.state.TaskStateFiles;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BiConsumer;

/** Keyed state in sorted maps, for simulations that open thousands of stores. */
public final class MemoryStateBackend implements StateBackend {

  @Override
  public List<KeyedStateStore> create(long epoch, int parallelism) {
    List<KeyedStateStore> stores = new ArrayList<>();
    for (int task = 0; task < parallelism; task++) {
      stores.add(new Store("state/" + epoch + "/" + task + "/"));
    }
    return stores;
  }

  @Override
  public List<KeyedStateStore> restore(
      long epoch, int parallelism, List<TaskStateFiles> checkpoint, CheckpointStorage storage)
      throws IOException, CorruptStateException {
    List<KeyedStateStore> stores = create(epoch, parallelism);
    for (TaskStateFiles task : checkpoint) {
      for (StateFile file : task.files()) {
        byte[] bytes;
        try (InputStream in = storage.open(file.objectName())) {
          bytes = in.readAllBytes();
        } catch (NoSuchFileException e) {
          throw new CorruptStateException("'" + file.objectName() + "' is missing", e);
        }
        if (bytes.length != file.sizeBytes()
            || Checksums.crc32c(bytes, 0, bytes.length) != file.crc32c()) {
          throw new CorruptStateException("'" + file.objectName() + "' is damaged");
        }
        read(bytes, stores);
      }
    }
    return stores;
  }

  private static void read(byte[] bytes, List<KeyedStateStore> stores) throws IOException {
    DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes));
    while (in.available() > 0) {
      String table = in.readUTF();
      byte[] key = in.readNBytes(in.readInt());
      byte[] value = in.readNBytes(in.readInt());
      int keyGroup = (key[0] & 0xff) << 8 | (key[1] & 0xff);
      stores.get(KeyGroups.taskOf(keyGroup, stores.size())).table(table).put(key, value);
    }
  }

  @Override
  public void close() {}

  private static final class Store implements KeyedStateStore {
    private final String prefix;
    private final Map<String, MemoryTable> tables = new TreeMap<>();

    Store(String prefix) {
      this.prefix = prefix;
    }

    @Override
    public StateTable table(String name) {
      return tables.computeIfAbsent(name, n -> new MemoryTable());
    }

    @Override
    public StateSnapshot snapshot(long checkpointId) {
      byte[] bytes = write();
      return new StateSnapshot() {
        @Override
        public List<StateFile> store(CheckpointStorage storage) throws IOException {
          String name = prefix + checkpointId + "-all";
          storage.publish(name, bytes);
          return List.of(
              new StateFile("all", name, bytes.length, Checksums.crc32c(bytes, 0, bytes.length)));
        }

        @Override
        public void close() {}
      };
    }

    private byte[] write() {
      ByteArrayOutputStream bytes = new ByteArrayOutputStream();
      DataOutputStream out = new DataOutputStream(bytes);
      tables.forEach(
          (name, table) ->
              table.rows.forEach(
                  (key, value) -> {
                    try {
                      out.writeUTF(name);
                      out.writeInt(key.length);
                      out.write(key);
                      out.writeInt(value.length);
                      out.write(value);
                    } catch (IOException e) {
                      throw new AssertionError(e);
                    }
                  }));
      return bytes.toByteArray();
    }

    @Override
    public void close() {}
  }

  private static final class MemoryTable implements StateTable {
    final TreeMap<byte[], byte[]> rows = new TreeMap<>(Arrays::compareUnsigned);

    @Override
    public byte[] get(byte[] key) {
      return rows.get(key);
    }

    @Override
    public byte[][] getAll(byte[][] keys) {
      return Arrays.stream(keys).map(rows::get).toArray(byte[][]::new);
    }

    @Override
    public void put(byte[] key, byte[] value) {
      rows.put(key, value);
    }

    @Override
    public void delete(byte[] key) {
      rows.remove(key);
    }

    @Override
    public void putAll(byte[][] keys, byte[][] values, int count) {
      for (int i = 0; i < count; i++) {
        if (values[i] == null) {
          delete(keys[i]);
        } else {
          put(keys[i], values[i]);
        }
      }
    }

    @Override
    public void deleteRange(byte[] from, byte[] to) {
      rows.subMap(from, to).clear();
    }

    @Override
    public void forEach(byte[] prefix, BiConsumer<byte[], byte[]> visitor) {
      rows.tailMap(prefix)
          .forEach(
              (key, value) -> {
                if (key.length >= prefix.length
                    && Arrays.equals(key, 0, prefix.length, prefix, 0, prefix.length)) {
                  visitor.accept(key, value);
                }
              });
    }
  }
}
