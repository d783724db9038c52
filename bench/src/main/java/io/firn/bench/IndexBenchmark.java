package io.firn.bench;

import com.sun.management.OperatingSystemMXBean;
import io.firn.lake.index.KeyEncoder;
import io.firn.lake.index.KeyIndexes;
import io.firn.lake.index.OffHeapMemory;
import io.firn.lake.index.PrimaryKeyIndex;
import io.firn.lake.index.RowLocation;
import io.firn.lake.index.StateKeyIndex;
import io.firn.model.row.KeyHash;
import io.firn.model.row.Row;
import io.firn.model.schema.Column;
import io.firn.model.schema.TableId;
import io.firn.model.schema.TableSchema;
import io.firn.model.state.KeyGroupRange;
import io.firn.model.state.KeyGroups;
import io.firn.model.state.StateTable;
import io.firn.runtime.checkpoint.LocalCheckpointStorage;
import io.firn.runtime.state.KeyedStateStore;
import io.firn.runtime.state.StateFile;
import io.firn.runtime.state.StateSnapshot;
import io.firn.runtime.state.TaskStateFiles;
import io.firn.runtime.state.rocksdb.RocksOptions;
import io.firn.runtime.state.rocksdb.RocksStateBackend;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.Set;
import org.apache.iceberg.types.Types;

/**
 * Look-ups with update per CPU second of the key index, checkpoints included: an initial load in
 * key order, then updates of random keys, uniformly and by Zipf's law, inserts of new keys, and a
 * restart.
 *
 * <p>Arguments: directory for files, {@code tiered} or {@code state} (the durable tier alone), keys
 * (10000000), updates (4000000), memory budget in MiB (512), updates per checkpoint (1000000),
 * {@code number} or {@code text} keys. CPU is that of the whole process, RocksDB's threads and the
 * collector included, without making the keys.
 */
public final class IndexBenchmark {
  private static final TableId TABLE = new TableId("shop", "orders");
  private static final KeyGroupRange ALL = new KeyGroupRange(0, KeyGroups.COUNT);
  private static final int BATCH = 100_000;

  private final OperatingSystemMXBean process =
      (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
  private final boolean tiered;
  private final long budgetBytes;
  private final int checkpointEvery;
  private final boolean text;
  private final TableSchema schema;
  private final KeyEncoder encoder;
  private final int[] keyIndexes;
  private final RocksStateBackend backend;
  private final LocalCheckpointStorage storage;
  private final OffHeapMemory memory = new OffHeapMemory();
  private final Random random = new Random(7);
  private KeyedStateStore store;
  private PrimaryKeyIndex index;
  private KeyIndexes indexes;
  private long epoch = 1;
  private long checkpointId;
  private long fileId;
  private int sinceCheckpoint;
  private long generationNanos;
  private long storedBytes;
  private Set<String> storedObjects = new HashSet<>();

  private interface Ids {
    long next(int number);
  }

  private IndexBenchmark(
      Path directory, boolean tiered, long budgetBytes, int checkpointEvery, boolean text) {
    this.tiered = tiered;
    this.budgetBytes = budgetBytes;
    this.checkpointEvery = checkpointEvery;
    this.text = text;
    this.schema =
        new TableSchema(
            TABLE,
            List.of(Column.of("id", text ? Types.StringType.get() : Types.LongType.get(), false)),
            List.of("id"));
    this.encoder = new KeyEncoder(TABLE, schema);
    this.keyIndexes = schema.keyIndexes();
    this.backend = new RocksStateBackend(directory.resolve("state"), RocksOptions.DEFAULT);
    this.storage = new LocalCheckpointStorage(directory.resolve("checkpoints"));
  }

  /** See the class. */
  public static void main(String[] args) throws Exception {
    Path directory = Files.createTempDirectory(Path.of(args[0]), "firn-index");
    boolean tiered = args[1].equals("tiered");
    int keys = args.length > 2 ? Integer.parseInt(args[2]) : 10_000_000;
    int updates = args.length > 3 ? Integer.parseInt(args[3]) : 4_000_000;
    long budgetMib = args.length > 4 ? Long.parseLong(args[4]) : 512;
    int checkpointEvery = args.length > 5 ? Integer.parseInt(args[5]) : 1_000_000;
    boolean text = args.length > 6 && args[6].equals("text");
    IndexBenchmark benchmark =
        new IndexBenchmark(directory, tiered, budgetMib << 20, checkpointEvery, text);
    System.out.printf(
        Locale.ROOT,
        "%s, %,d %s keys, %d MiB, a checkpoint every %,d%n",
        args[1],
        keys,
        text ? "text" : "number",
        budgetMib,
        checkpointEvery);
    try {
      benchmark.run(keys, updates);
    } finally {
      benchmark.backend.close();
    }
    System.out.printf("files in %s%n", directory);
  }

  private void run(int keys, int updates) throws Exception {
    store = backend.create(epoch, 1).get(0);
    open();
    index.clear();
    measure("initial load, ascending", keys, number -> number);
    Random uniform = new Random(11);
    measure("updates, random", updates, number -> (long) (uniform.nextDouble() * keys));
    measure("updates, random, again", updates, number -> (long) (uniform.nextDouble() * keys));
    Zipf zipf = new Zipf(keys, 0.99, new Random(13));
    measure("updates, zipf 0.99", updates, number -> zipf.next());
    measure("inserts of new keys", updates, number -> keys + (long) number);
    long kept = keys + (long) updates;
    restart();
    measure("after a restart: updates, random", updates, n -> (long) (uniform.nextDouble() * kept));
    if (indexes != null) {
      System.out.printf("  memory of the hot tier: %d MiB%n", indexes.memoryBytes() >> 20);
      indexes.close();
    }
    store.close();
    System.out.printf("  peak resident memory: %s%n", peakResident());
  }

  private static String peakResident() throws Exception {
    return Files.readAllLines(Path.of("/proc/self/status")).stream()
        .filter(line -> line.startsWith("VmHWM"))
        .findFirst()
        .orElse("unknown");
  }

  private void open() {
    StateTable table = store.table(StateKeyIndex.STATE_TABLE);
    if (tiered) {
      indexes = new KeyIndexes(table, ALL, memory, budgetBytes);
      index = indexes.of(TABLE, schema);
    } else {
      index = new StateKeyIndex(table, TABLE, ALL);
    }
  }

  private void restart() throws Exception {
    List<StateFile> files = checkpoint();
    if (indexes != null) {
      indexes.close();
    }
    store.close();
    long start = System.nanoTime();
    store = backend.restore(++epoch, 1, List.of(new TaskStateFiles(ALL, files)), storage).get(0);
    open();
    System.out.printf(Locale.ROOT, "  restored in %.2f s%n", (System.nanoTime() - start) / 1e9);
  }

  private void measure(String what, int count, Ids ids) throws Exception {
    long wall = System.nanoTime();
    long cpu = process.getProcessCpuTime();
    long stored = storedBytes;
    generationNanos = 0;
    long[] locations = new long[BATCH];
    for (int done = 0; done < count; done += BATCH) {
      byte[][] keys = batch(Math.min(BATCH, count - done), done, ids);
      index.lookup(keys, keys.length, locations);
      fileId++;
      for (int i = 0; i < keys.length; i++) {
        locations[i] = RowLocation.of(fileId, i);
      }
      index.update(keys, keys.length, locations);
      sinceCheckpoint += keys.length;
      if (sinceCheckpoint >= checkpointEvery) {
        checkpoint();
      }
    }
    checkpoint();
    double seconds = (process.getProcessCpuTime() - cpu - generationNanos) / 1e9;
    System.out.printf(
        Locale.ROOT,
        "  %-36s %6.2f CPU s per M, %,11.0f per CPU s, %6.2f s wall per M, %5.0f MB stored per M%n",
        what,
        seconds / count * 1e6,
        count / seconds,
        (System.nanoTime() - wall) / 1e9 / count * 1e6,
        (storedBytes - stored) / 1e6 / count * 1e6);
  }

  /** Distinct keys in order, as the writer hands them over. */
  private byte[][] batch(int size, int done, Ids ids) {
    long start = threadCpu();
    byte[][] keys = new byte[size][];
    for (int i = 0; i < size; i++) {
      long id = ids.next(done + i);
      Row row = Row.of(text ? (Object) ("order-number-" + id) : (Object) id);
      keys[i] = encoder.encode(row, KeyHash.of(row, keyIndexes));
    }
    Arrays.sort(keys, Arrays::compareUnsigned);
    int distinct = 0;
    for (int i = 0; i < size; i++) {
      if (i == 0 || !Arrays.equals(keys[distinct - 1], keys[i])) {
        keys[distinct++] = keys[i];
      }
    }
    byte[][] result = distinct == size ? keys : Arrays.copyOf(keys, distinct);
    generationNanos += threadCpu() - start;
    return result;
  }

  private static long threadCpu() {
    return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
  }

  private List<StateFile> checkpoint() throws Exception {
    sinceCheckpoint = 0;
    if (indexes != null) {
      indexes.writeBack();
    }
    try (StateSnapshot snapshot = store.snapshot(++checkpointId)) {
      List<StateFile> files = snapshot.store(storage);
      Set<String> objects = new HashSet<>();
      for (StateFile file : files) {
        objects.add(file.objectName());
        if (!storedObjects.contains(file.objectName())) {
          storedBytes += file.sizeBytes();
        }
      }
      for (String object : storedObjects) {
        if (!objects.contains(object)) {
          storage.delete(object);
        }
      }
      storedObjects = objects;
      return files;
    }
  }

  /** Keys by Zipf's law, the popular ones spread over all keys (Gray et al., SIGMOD 1994). */
  private static final class Zipf {
    private final long keys;
    private final double exponent;
    private final double zeta;
    private final double alpha;
    private final double eta;
    private final Random random;

    Zipf(long keys, double exponent, Random random) {
      this.keys = keys;
      this.exponent = exponent;
      this.random = random;
      double sum = 0;
      for (long i = 1; i <= keys; i++) {
        sum += Math.pow(i, -exponent);
      }
      zeta = sum;
      alpha = 1 / (1 - exponent);
      double zeta2 = 1 + Math.pow(2, -exponent);
      eta = (1 - Math.pow(2.0 / keys, 1 - exponent)) / (1 - zeta2 / zeta);
    }

    long next() {
      double u = random.nextDouble();
      double uz = u * zeta;
      long rank;
      if (uz < 1) {
        rank = 0;
      } else if (uz < 1 + Math.pow(2, -exponent)) {
        rank = 1;
      } else {
        rank = (long) (keys * Math.pow(eta * u - eta + 1, alpha));
      }
      return Math.floorMod(rank * 0x9E3779B97F4A7C15L >>> 1, keys);
    }
  }
}
