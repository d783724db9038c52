package io.firn.bench;

import io.firn.lake.LakeSink;
import io.firn.lake.LakeSinkOptions;
import io.firn.model.checkpoint.CheckpointMark;
import io.firn.model.row.Operation;
import io.firn.model.row.Row;
import io.firn.model.row.RowChange;
import io.firn.model.schema.Column;
import io.firn.model.schema.TableId;
import io.firn.model.schema.TableSchema;
import io.firn.model.sink.SinkWriter;
import io.firn.model.sink.WriterContext;
import io.firn.model.source.SourceState;
import io.firn.model.state.KeyGroupRange;
import io.firn.model.state.KeyGroups;
import io.firn.model.stream.SchemaChange;
import io.firn.model.stream.SourcePosition;
import io.firn.runtime.state.KeyedStateStore;
import io.firn.runtime.state.rocksdb.RocksOptions;
import io.firn.runtime.state.rocksdb.RocksStateBackend;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import org.apache.iceberg.types.Types;

/**
 * Time to rebuild the key index from the lake: writes a table, loses the state, and starts again.
 *
 * <p>Arguments: directory for files, rows (10000000).
 */
public final class IndexRebuildBenchmark {
  private static final TableSchema ORDERS =
      new TableSchema(
          new TableId("shop", "orders"),
          List.of(
              Column.of("id", Types.LongType.get(), false),
              Column.of("note", Types.StringType.get(), false)),
          List.of("id"));
  private static final String PIPELINE = "rebuild";
  private static final int BATCH = 1000;
  private static final int CHECKPOINTS = 20;

  private final LakeSink sink;
  private final RocksStateBackend backend;

  private IndexRebuildBenchmark(Path directory) {
    sink =
        new LakeSink(
            LakeSinkOptions.of(
                Map.of("type", "hadoop", "warehouse", directory.resolve("lake").toString())));
    backend = new RocksStateBackend(directory.resolve("state"), RocksOptions.DEFAULT);
  }

  /** See the class. */
  public static void main(String[] args) throws Exception {
    Path directory = Files.createTempDirectory(Path.of(args[0]), "firn-rebuild");
    int rows = args.length > 1 ? Integer.parseInt(args[1]) : 10_000_000;
    IndexRebuildBenchmark benchmark = new IndexRebuildBenchmark(directory);
    benchmark.write(rows);
    long start = System.nanoTime();
    benchmark.rebuild();
    System.out.printf(
        Locale.ROOT,
        "%,d keys rebuilt and in a state snapshot after %.1f s; files in %s%n",
        rows,
        (System.nanoTime() - start) / 1e9,
        directory);
    System.exit(0);
  }

  private SinkWriter open(long epoch, long checkpointId, KeyedStateStore store) {
    sink.open(PIPELINE);
    sink.fence(epoch);
    SinkWriter writer =
        sink.createWriter(
            new WriterContext(
                PIPELINE,
                epoch,
                checkpointId,
                0,
                1,
                new KeyGroupRange(0, KeyGroups.COUNT),
                store,
                false));
    writer.apply(
        new SchemaChange.CreateTable(
            ORDERS,
            new SchemaChange.Origin(ORDERS.table(), SourcePosition.snapshot(0), "", "table")));
    return writer;
  }

  private void write(int rows) throws Exception {
    KeyedStateStore store = backend.create(1, 1).get(0);
    SinkWriter writer = open(1, 1, store);
    Random random = new Random(1);
    SourcePosition previous = null;
    int perCheckpoint = rows / CHECKPOINTS;
    for (int checkpoint = 1; checkpoint <= CHECKPOINTS; checkpoint++) {
      for (int done = 0; done < perCheckpoint; done += BATCH) {
        writer.write(batch((long) (checkpoint - 1) * perCheckpoint + done, random));
      }
      List<SinkWriter.Committable> committables = writer.prepareCommit(checkpoint);
      SourcePosition position = SourcePosition.binlog("binlog.000001", checkpoint, 0, null);
      CheckpointMark mark =
          new CheckpointMark(
              PIPELINE, 1, checkpoint, new SourceState(position, true, "", Map.of()), previous);
      sink.committer().commit(mark, sink.committer().prepare(mark, committables));
      previous = position;
    }
    writer.close();
    store.close();
  }

  private static List<RowChange> batch(long from, Random random) {
    List<RowChange> batch = new ArrayList<>(BATCH);
    RowChange.Meta meta = new RowChange.Meta(SourcePosition.snapshot(1), null, 0);
    for (long id = from; id < from + BATCH; id++) {
      Row row = Row.of(id * 7, "note of an order " + Long.toHexString(random.nextLong()));
      batch.add(new RowChange(ORDERS, Operation.READ, null, row, meta));
    }
    return batch;
  }

  private void rebuild() throws Exception {
    KeyedStateStore store = backend.create(2, 1).get(0);
    SinkWriter writer = open(2, CHECKPOINTS + 1, store);
    writer.prepareCommit(CHECKPOINTS + 1);
    store.snapshot(CHECKPOINTS + 1).close();
    writer.close();
    store.close();
    backend.close();
    sink.close();
  }
}
