package io.firn.lake.write;

import io.firn.model.row.Operation;
import io.firn.model.row.Row;
import io.firn.model.row.RowChange;
import io.firn.model.schema.Column;
import io.firn.model.schema.TableId;
import io.firn.model.schema.TableSchema;
import io.firn.model.sink.WriterContext;
import io.firn.model.state.KeyGroupRange;
import io.firn.model.state.StateTable;
import io.firn.model.stream.SchemaChange;
import io.firn.model.stream.SourcePosition;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.BiConsumer;
import org.apache.iceberg.types.Types;

/**
 * CPU seconds per million rows of one writer, from changes to data files: a snapshot in key order,
 * then updates of random keys. Not a test; run its {@code main} with the number of rows.
 */
public final class WritePathMeasurement {
  private static final TableSchema ORDERS =
      new TableSchema(
          new TableId("shop", "orders"),
          List.of(
              Column.of("id", Types.LongType.get(), false),
              Column.of("customer_id", Types.LongType.get(), false),
              Column.of("status", Types.StringType.get(), false),
              Column.of("amount", Types.DecimalType.of(12, 2), false),
              Column.of("qty", Types.IntegerType.get(), false),
              Column.of("note", Types.StringType.get(), true),
              Column.of("created_at", Types.TimestampType.withoutZone(), false),
              Column.of("updated_at", Types.TimestampType.withoutZone(), false)),
          List.of("id"));
  private static final String[] STATUS = {"new", "paid", "sent", "done", "returned"};
  private static final int BATCH = 1000;

  private WritePathMeasurement() {}

  public static void main(String[] arguments) throws Exception {
    int rows = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 1_000_000;
    for (int round = 1; round <= 3; round++) {
      System.out.println("round " + round);
      LakeWriter forgetful = snapshot("snapshot, index that keeps nothing", rows, new EmptyState());
      updates("random updates, index that keeps nothing", forgetful, rows, rows / 2);
      HashState state = new HashState();
      LakeWriter writer = snapshot("snapshot, index in a HashMap", rows, state);
      updates("random updates, index in a HashMap", writer, rows, rows / 2);
    }
  }

  private static LakeWriter snapshot(String what, int rows, StateTable state) throws Exception {
    Path directory = Files.createTempDirectory("firn-write");
    TestLake lake = new TestLake(directory, 3);
    LakeWriter writer =
        new LakeWriter(
            lake,
            new WriterContext(
                "measure", 1, 1, 0, 1, new KeyGroupRange(0, 128), name -> state, true));
    TestChanges changes = new TestChanges();
    writer.apply(changes.create(ORDERS));
    writer.apply(
        new SchemaChange.TruncateTable(
            ORDERS, new SchemaChange.Origin(ORDERS.table(), SourcePosition.snapshot(0), "", "")));
    Random random = new Random(1);
    measure(
        what,
        rows,
        writer,
        start -> {
          List<RowChange> batch = new ArrayList<>(BATCH);
          for (int i = 0; i < BATCH; i++) {
            batch.add(change(Operation.READ, null, row(random, start + i)));
          }
          return batch;
        });
    return writer;
  }

  private static void updates(String what, LakeWriter writer, int keys, int updates) {
    Random random = new Random(2);
    measure(
        what,
        updates,
        writer,
        start -> {
          List<RowChange> batch = new ArrayList<>(BATCH);
          for (int i = 0; i < BATCH; i++) {
            Row after = row(random, random.nextInt(keys));
            batch.add(change(Operation.UPDATE, after, after));
          }
          return batch;
        });
  }

  private static RowChange change(Operation operation, Row before, Row after) {
    return new RowChange(
        ORDERS, operation, before, after, new RowChange.Meta(SourcePosition.snapshot(1), null, 0));
  }

  private static Row row(Random random, long id) {
    return Row.wrap(
        new Object[] {
          id,
          (long) random.nextInt(100_000),
          STATUS[random.nextInt(STATUS.length)],
          BigDecimal.valueOf(random.nextInt(10_000_000), 2),
          random.nextInt(100),
          "note of order " + Long.toHexString(random.nextLong()) + " abcd",
          1_700_000_000_000_000L + random.nextInt(),
          1_700_000_000_000_000L + random.nextInt()
        });
  }

  private interface Batches {
    List<RowChange> batch(int start);
  }

  private static void measure(String what, int rows, LakeWriter writer, Batches batches) {
    ThreadMXBean threads = ManagementFactory.getThreadMXBean();
    long cpuNanos = 0;
    long wallNanos = 0;
    for (int start = 0; start < rows; start += BATCH) {
      List<RowChange> batch = batches.batch(start);
      long cpu = threads.getCurrentThreadCpuTime();
      long wall = System.nanoTime();
      writer.write(batch);
      cpuNanos += threads.getCurrentThreadCpuTime() - cpu;
      wallNanos += System.nanoTime() - wall;
    }
    long cpu = threads.getCurrentThreadCpuTime();
    writer.prepareCommit(1);
    cpuNanos += threads.getCurrentThreadCpuTime() - cpu;
    System.out.printf(
        "  %-40s %.2f CPU s per M rows, %.2f s wall%n",
        what, cpuNanos / 1e9 / rows * 1e6, wallNanos / 1e9 / rows * 1e6);
  }

  private static class EmptyState implements StateTable {
    @Override
    public byte[] get(byte[] key) {
      return null;
    }

    @Override
    public byte[][] getAll(byte[][] keys) {
      return new byte[keys.length][];
    }

    @Override
    public void put(byte[] key, byte[] value) {}

    @Override
    public void delete(byte[] key) {}

    @Override
    public void putAll(byte[][] keys, byte[][] values, int count) {}

    @Override
    public void deleteRange(byte[] from, byte[] to) {}

    @Override
    public void forEach(byte[] prefix, BiConsumer<byte[], byte[]> visitor) {}
  }

  private static final class HashState extends EmptyState {
    private final Map<ByteBuffer, byte[]> entries = new HashMap<>();

    @Override
    public byte[] get(byte[] key) {
      return entries.get(ByteBuffer.wrap(key));
    }

    @Override
    public byte[][] getAll(byte[][] keys) {
      byte[][] values = new byte[keys.length][];
      for (int i = 0; i < keys.length; i++) {
        values[i] = get(keys[i]);
      }
      return values;
    }

    @Override
    public void putAll(byte[][] keys, byte[][] values, int count) {
      for (int i = 0; i < count; i++) {
        entries.put(ByteBuffer.wrap(keys[i]), values[i]);
      }
    }
  }
}
