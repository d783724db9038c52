package io.firn.lake.write;

import io.firn.lake.index.OffHeapMemory;
import io.firn.lake.table.WriteMode;
import io.firn.model.row.KeyHash;
import io.firn.model.row.RowChange;
import io.firn.model.schema.TableId;
import io.firn.model.sink.SinkWriter;
import io.firn.model.sink.WriterContext;
import io.firn.model.state.KeyGroups;
import io.firn.model.stream.SchemaChange;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.apache.iceberg.PartitionSpec;
import org.apache.iceberg.Schema;

/** Several writers as the runtime drives them: routing by key, broadcast, barriers, restarts. */
final class TestPipeline implements AutoCloseable {
  private final Path directory;
  private final int formatVersion;
  private final Function<Schema, PartitionSpec> partitioning;
  private final Map<String, String> properties;
  private final WriterSettings settings;
  private final List<InMemoryStateStore> checkpointed = new ArrayList<>();
  private final List<InMemoryStateStore> states = new ArrayList<>();
  private final List<LakeWriter> writers = new ArrayList<>();
  private long epoch;
  private long checkpointId = 1;
  private WriteMode mode;
  TestLake lake;

  TestPipeline(
      Path directory,
      int formatVersion,
      Function<Schema, PartitionSpec> partitioning,
      Map<String, String> properties,
      WriterSettings settings) {
    this.directory = directory;
    this.formatVersion = formatVersion;
    this.partitioning = partitioning;
    this.properties = properties;
    this.settings = settings;
  }

  TestPipeline(Path directory, int formatVersion, WriterSettings settings) {
    this(directory, formatVersion, s -> PartitionSpec.unpartitioned(), Map.of(), settings);
  }

  /** Writes tables in this mode from the next life on. */
  TestPipeline in(WriteMode newMode) {
    mode = newMode;
    return this;
  }

  /** Begins a life from the last checkpoint, or without its state. */
  void start(int parallelism, boolean restoreState) {
    close();
    writers.clear();
    states.clear();
    lake = new TestLake(directory, formatVersion, partitioning, properties);
    lake.writeMode(mode);
    epoch++;
    for (int subtask = 0; subtask < parallelism; subtask++) {
      InMemoryStateStore state = new InMemoryStateStore();
      if (restoreState) {
        for (InMemoryStateStore old : checkpointed) {
          state.restore(KeyGroups.rangeOf(subtask, parallelism), old);
        }
      }
      states.add(state);
      writers.add(
          new LakeWriter(
              lake,
              new WriterContext(
                  "test",
                  epoch,
                  checkpointId,
                  subtask,
                  parallelism,
                  KeyGroups.rangeOf(subtask, parallelism),
                  state,
                  restoreState),
              settings,
              new OffHeapMemory()));
    }
  }

  void write(RowChange change) {
    int task = 0;
    if (change.schema().hasPrimaryKey()) {
      int hash = KeyHash.of(change.keyImage(), change.schema().keyIndexes());
      task = KeyGroups.taskOf(KeyGroups.ofHash(hash), writers.size());
    }
    writers.get(task).write(List.of(change));
  }

  void apply(SchemaChange change) {
    writers.forEach(writer -> writer.apply(change));
  }

  /** A barrier, and the commit of what lies before it. */
  List<SinkWriter.Committable> checkpoint() {
    List<SinkWriter.Committable> committables = new ArrayList<>();
    for (LakeWriter writer : writers) {
      committables.addAll(writer.prepareCommit(checkpointId));
    }
    checkpointId++;
    checkpointed.clear();
    for (InMemoryStateStore state : states) {
      InMemoryStateStore copy = new InMemoryStateStore();
      copy.restore(KeyGroups.rangeOf(0, 1), state);
      checkpointed.add(copy);
    }
    lake.commit(committables);
    return committables;
  }

  LakeWriter writer(int subtask) {
    return writers.get(subtask);
  }

  int indexEntries() {
    return states.stream().mapToInt(state -> state.size("key-index")).sum();
  }

  List<Map<String, Object>> read(TableId table) {
    return lake.read(table);
  }

  @Override
  public void close() {
    writers.forEach(LakeWriter::close);
  }
}
