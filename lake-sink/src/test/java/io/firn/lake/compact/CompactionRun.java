package io.firn.lake.compact;

import static org.assertj.core.api.Assertions.assertThat;

import io.firn.lake.LakeSink;
import io.firn.lake.LakeSinkOptions;
import io.firn.lake.catalog.LakeCatalog;
import io.firn.lake.maintain.Background;
import io.firn.lake.read.LakeReader;
import io.firn.lake.read.RowCursor;
import io.firn.lake.write.InMemoryStateStore;
import io.firn.lake.write.TestChanges;
import io.firn.lake.write.WriterSettings;
import io.firn.model.checkpoint.CheckpointMark;
import io.firn.model.row.KeyHash;
import io.firn.model.row.Row;
import io.firn.model.row.RowChange;
import io.firn.model.schema.Column;
import io.firn.model.schema.TableId;
import io.firn.model.schema.TableSchema;
import io.firn.model.sink.Committer.TableCommit;
import io.firn.model.sink.Sink.LakeState;
import io.firn.model.sink.SinkWriter;
import io.firn.model.sink.WriterContext;
import io.firn.model.source.SourceState;
import io.firn.model.state.KeyGroups;
import io.firn.model.stream.ChangeBatch;
import io.firn.model.stream.SchemaChange;
import io.firn.model.stream.SourcePosition;
import io.firn.model.stream.StreamElement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import org.apache.iceberg.BaseTable;
import org.apache.iceberg.types.Types;

/**
 * A source with a log, tasks, checkpoints and a compactor whose jobs run when chance wants, all on
 * one thread. After every commit the lake must equal the source as of the checkpoint, and rows that
 * did not change must have kept their row lineage.
 */
final class CompactionRun {
  private static final TableSchema ITEMS = schema("items", true);
  private static final TableSchema LOG = schema("log", false);

  private final LakeSinkOptions options;
  private final Random random;
  private final boolean lineage;
  private final LakeSink sink;
  private final TestChanges changes = new TestChanges();

  /** Rows and truncations, in order. */
  private final List<StreamElement> log = new ArrayList<>();

  private final TreeMap<Long, Row> source = new TreeMap<>();
  private int logRows;

  /** Jobs that were submitted and not run yet. */
  private List<Runnable> jobs = new ArrayList<>();

  private boolean offline;

  private List<SinkWriter> writers = new ArrayList<>();
  private List<InMemoryStateStore> states = new ArrayList<>();
  private int[] read = new int[0];
  private long epoch;
  private long checkpointId;
  private SourcePosition previous;

  /** The newest published checkpoint. */
  private CheckpointMark mark;

  private List<TableCommit> promised = List.of();
  private List<InMemoryStateStore> stored = List.of();
  private int storedIndex;
  private TreeMap<Long, Row> expected = new TreeMap<>();
  private int expectedLogRows;

  private Map<Object, RowLineage> knownLineage = new HashMap<>();
  private final Set<Object> touched = new HashSet<>();

  CompactionRun(LakeSinkOptions options, boolean lineage, long seed) {
    this.options = options;
    this.lineage = lineage;
    this.random = new Random(seed);
    this.sink =
        new LakeSink(
            options,
            new WriterSettings(50, 1 << 20, 4, 1 << 20),
            () -> LakeCatalog.open(options),
            attempt -> {},
            new Background(this::compactor, () -> Runnable::run, System::nanoTime));
  }

  private Compactor compactor(CompactionSettings settings) {
    if (offline) {
      return new Compactor(settings, Runnable::run);
    }
    List<Runnable> own = new ArrayList<>();
    jobs = own;
    return new Compactor(settings, own::add);
  }

  private static TableSchema schema(String name, boolean keyed) {
    return new TableSchema(
        new TableId("shop", name),
        List.of(
            Column.of("id", Types.LongType.get(), false),
            Column.of("note", Types.StringType.get(), true)),
        keyed ? List.of("id") : List.of());
  }

  /** Plays; returns how many compactions were committed. */
  long play(int steps) {
    assertThat(sink.open("p")).isEmpty();
    begin(2, false, 0);
    for (int step = 0; step < steps; step++) {
      switch (random.nextInt(32)) {
        case 0 -> restartFromManifest();
        case 1 -> {
          if (random.nextInt(3) == 0) {
            restartFromLake();
          }
        }
        case 2 -> {
          if (random.nextInt(6) == 0) {
            truncate();
          }
        }
        case 3, 4, 5, 6, 7, 8, 9 -> checkpoint(random.nextInt(12) == 0);
        case 10, 11, 12, 13, 14, 15 -> runJob();
        case 16, 17, 18, 19, 20, 21 -> {
          if (sink.committer().maintain()) {
            verify();
          }
        }
        default -> {
          produce(1 + random.nextInt(25));
          feedSome();
        }
      }
    }
    checkpoint(false);
    verify();
    long compactions;
    try (LakeReader reader = LakeReader.open(options)) {
      compactions = 0;
      for (TableId table : List.of(ITEMS.table(), LOG.table())) {
        compactions +=
            reader.snapshots(table).stream()
                .filter(s -> s.firnOperation().filter("compaction"::equals).isPresent())
                .count();
        List<Long> ids =
            reader.snapshots(table).stream()
                .filter(LakeReader.SnapshotInfo::isCheckpoint)
                .map(s -> s.marker().orElseThrow().checkpointId())
                .toList();
        assertThat(ids).doesNotHaveDuplicates().isSorted();
        assertThat(reader.files(table)).noneMatch(f -> f.content().equals("EQUALITY_DELETES"));
      }
    }
    closeWriters();
    sink.close();
    return compactions;
  }

  private void runJob() {
    if (!jobs.isEmpty()) {
      jobs.remove(random.nextInt(jobs.size())).run();
    }
  }

  private void truncate() {
    log.add(changes.truncate(ITEMS));
    touched.addAll(source.keySet());
    source.clear();
  }

  private void produce(int count) {
    // Hot keys and cold ones, so that some files empty quickly and some live long.
    int range = random.nextBoolean() ? 15 : 150;
    for (int i = 0; i < count; i++) {
      long id = random.nextInt(range);
      Row now = source.get(id);
      touched.add(id);
      if (now == null) {
        Row row = Row.of(id, "n" + random.nextInt(2));
        log.add(one(changes.insert(ITEMS, row.get(0), row.get(1))));
        source.put(id, row);
      } else if (random.nextInt(4) == 0) {
        log.add(one(changes.delete(ITEMS, now.get(0), now.get(1))));
        source.remove(id);
      } else {
        Row row = Row.of(id, random.nextInt(4) == 0 ? null : "n" + random.nextInt(2));
        log.add(one(changes.update(ITEMS, now, row)));
        source.put(id, row);
      }
    }
    log.add(one(changes.insert(LOG, (long) log.size(), "logged")));
    logRows++;
  }

  private static ChangeBatch one(RowChange change) {
    return new ChangeBatch(List.of(change));
  }

  private void feedSome() {
    for (int task = 0; task < writers.size(); task++) {
      feed(task, read[task] + random.nextInt(log.size() - read[task] + 1));
    }
  }

  private void feed(int task, int until) {
    List<RowChange> batch = new ArrayList<>();
    for (; read[task] < until; read[task]++) {
      StreamElement element = log.get(read[task]);
      if (element instanceof SchemaChange change) {
        write(task, batch);
        writers.get(task).apply(change);
        continue;
      }
      RowChange change = ((ChangeBatch) element).changes().get(0);
      int owner =
          change.schema().hasPrimaryKey()
              ? KeyGroups.taskOf(
                  KeyGroups.ofHash(KeyHash.of(change.keyImage(), change.schema().keyIndexes())),
                  writers.size())
              : read[task] % writers.size();
      if (owner == task) {
        batch.add(change);
      }
    }
    write(task, batch);
  }

  private void write(int task, List<RowChange> batch) {
    if (!batch.isEmpty()) {
      writers.get(task).write(List.copyOf(batch));
      batch.clear();
    }
  }

  /** The tasks pass the barrier one after the other, and go on before it is committed. */
  private void checkpoint(boolean crashBeforeCommit) {
    int barrier = log.size();
    TreeMap<Long, Row> atBarrier = new TreeMap<>(source);
    int logRowsAtBarrier = logRows;
    checkpointId++;
    List<SinkWriter.Committable> committables = new ArrayList<>();
    List<InMemoryStateStore> copies = new ArrayList<>();
    for (int task = 0; task < writers.size(); task++) {
      feed(task, barrier);
      committables.addAll(writers.get(task).prepareCommit(checkpointId));
      InMemoryStateStore copy = new InMemoryStateStore();
      copy.restore(KeyGroups.rangeOf(task, writers.size()), states.get(task));
      copies.add(copy);
      if (random.nextBoolean()) {
        produce(random.nextInt(10));
        feed(task, log.size());
      }
    }
    SourcePosition position = positionAt(barrier);
    CheckpointMark newMark =
        new CheckpointMark(
            "p",
            epoch,
            checkpointId,
            new SourceState(position, true, "", Map.of(ITEMS.table(), "items v1")),
            previous);
    List<TableCommit> commits = sink.committer().prepare(newMark, committables);
    previous = position;
    mark = newMark;
    promised = commits;
    stored = copies;
    storedIndex = barrier;
    expected = atBarrier;
    expectedLogRows = logRowsAtBarrier;
    if (crashBeforeCommit) {
      restartFromManifest();
    } else if (!commits.isEmpty()) {
      sink.committer().commit(mark, promised);
    }
    verify();
  }

  private SourcePosition positionAt(int index) {
    if (index == 0) {
      return SourcePosition.binlog("binlog.000001", 1, 0, null);
    }
    SourcePosition last = position(log.get(index - 1));
    return SourcePosition.binlog(last.file(), last.offset() + 1, 0, null);
  }

  private static SourcePosition position(StreamElement element) {
    return element instanceof SchemaChange change
        ? change.origin().position()
        : ((ChangeBatch) element).changes().get(0).meta().position();
  }

  private void restartFromManifest() {
    crash();
    sink.open("p");
    epoch++;
    sink.fence(epoch);
    if (mark != null && !promised.isEmpty()) {
      sink.committer().commit(mark, promised);
      if (random.nextInt(3) == 0) {
        offline = true;
        sink.maintain();
        offline = false;
        verify();
      }
    }
    begin(1 + random.nextInt(3), mark != null, storedIndex);
  }

  private void restartFromLake() {
    crash();
    Optional<LakeState> found = sink.open("p");
    if (found.isEmpty() || found.get().latest() == null) {
      restartFromManifest();
      return;
    }
    LakeState state = found.get();
    epoch++;
    sink.fence(epoch);
    SourcePosition resume = state.resumeFrom().position();
    int from = 0;
    while (from < log.size() && position(log.get(from)).compareTo(resume) < 0) {
      from++;
    }
    checkpointId = state.latest().checkpointId();
    previous = resume;
    mark = null;
    promised = List.of();
    stored = List.of();
    storedIndex = from;
    begin(1 + random.nextInt(3), false, from);
  }

  /** What the process had in memory is gone; jobs under way never end, or end half. */
  private void crash() {
    if (random.nextBoolean() && !jobs.isEmpty()) {
      runJob(); // the file is there, and nobody knows
    }
    jobs.clear();
    if (random.nextBoolean()) {
      closeWriters();
    }
    writers = new ArrayList<>();
  }

  private void begin(int parallelism, boolean restored, int from) {
    if (epoch == 0) {
      epoch++;
      sink.fence(epoch);
    }
    checkpointId = mark == null ? checkpointId : mark.checkpointId();
    read = new int[parallelism];
    states = new ArrayList<>();
    for (int task = 0; task < parallelism; task++) {
      read[task] = from;
      InMemoryStateStore state = new InMemoryStateStore();
      if (restored) {
        for (InMemoryStateStore old : stored) {
          state.restore(KeyGroups.rangeOf(task, parallelism), old);
        }
      }
      states.add(state);
      writers.add(
          sink.createWriter(
              new WriterContext(
                  "p",
                  epoch,
                  checkpointId + 1,
                  task,
                  parallelism,
                  KeyGroups.rangeOf(task, parallelism),
                  state,
                  restored)));
    }
    for (TableSchema schema : List.of(ITEMS, LOG)) {
      SchemaChange create =
          new SchemaChange.CreateTable(
              schema, new SchemaChange.Origin(schema.table(), positionAt(from), "", ""));
      writers.forEach(writer -> writer.apply(create));
    }
  }

  private void closeWriters() {
    writers.forEach(SinkWriter::close);
    writers = new ArrayList<>();
  }

  private void verify() {
    try (LakeReader reader = LakeReader.open(options)) {
      if (!reader.exists(ITEMS.table())) {
        return;
      }
      TreeMap<Long, Row> rows = new TreeMap<>();
      try (RowCursor cursor = reader.rows(ITEMS.table())) {
        for (Row row = cursor.next(); row != null; row = cursor.next()) {
          assertThat(rows.put((Long) row.get(0), row)).as("duplicate of %s", row).isNull();
        }
      }
      assertThat(rows).isEqualTo(expected);
      assertThat(reader.countRows(LOG.table())).isEqualTo(expectedLogRows);
      if (lineage) {
        verifyLineage(reader.table(ITEMS.table()));
      }
    }
  }

  private void verifyLineage(BaseTable table) {
    Map<Object, RowLineage> now = RowLineage.read(table);
    now.forEach(
        (id, lineageNow) -> {
          RowLineage before = knownLineage.get(id);
          if (before != null && !touched.contains(id)) {
            assertThat(lineageNow).as("lineage of row %s", id).isEqualTo(before);
          }
        });
    assertThat(now.values().stream().map(RowLineage::rowId)).doesNotHaveDuplicates();
    knownLineage = now;
    touched.clear();
    // Changes that are under way will touch rows later.
    for (int i = storedIndex; i < log.size(); i++) {
      if (log.get(i) instanceof SchemaChange) {
        touched.addAll(knownLineage.keySet());
      } else {
        touched.add(((ChangeBatch) log.get(i)).changes().get(0).keyImage().get(0));
      }
    }
  }
}
