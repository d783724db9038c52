package io.firn.lake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.firn.lake.commit.TestCommitters;
import io.firn.lake.kit.CatalogKind;
import io.firn.lake.kit.RestServer;
import io.firn.lake.read.LakeReader;
import io.firn.lake.read.RowCursor;
import io.firn.lake.write.InMemoryStateStore;
import io.firn.lake.write.TestChanges;
import io.firn.model.checkpoint.CheckpointMark;
import io.firn.model.error.ConfigurationException;
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
import io.firn.model.stream.SchemaChange;
import io.firn.model.stream.SourcePosition;
import io.firn.testservers.S3Server;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import org.apache.iceberg.types.Types;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The whole sink with its writers, driven as the runtime drives it, with restarts of all kinds. */
class LakeSinkTest {
  @TempDir Path directory;

  @ParameterizedTest
  @MethodSource("io.firn.lake.kit.CatalogKind#inThisProcess")
  void theLakeEqualsTheSourceAfterEveryKindOfRestart(CatalogKind kind) {
    try (RestServer rest = new RestServer(CatalogKind.sqlite(directory))) {
      new Run(kind.options(directory, rest), 11).play(12);
    }
  }

  @Test
  void theSameHoldsOnObjectStorageAndInFormatVersionTwo() {
    try (S3Server s3 = S3Server.start()) {
      Map<String, String> properties = new HashMap<>(s3.catalogProperties());
      properties.putAll(CatalogKind.sqlite(directory));
      properties.put("warehouse", s3.createBucket("lake") + "/wh");
      new Run(
              LakeSinkOptions.of(properties)
                  .withTableProperties(Map.of("format-version", "2"))
                  .withPartitionRules(List.of(new PartitionRule(t -> true, List.of("note")))),
              12)
          .play(6);
    }
  }

  @Test
  void aLifeWithoutTablesRemembersNothing() {
    LakeSinkOptions options = CatalogKind.HADOOP.options(directory, null);
    try (LakeSink sink = new LakeSink(options)) {
      assertThat(sink.open("p")).isEmpty();
      sink.fence(1);
      assertThat(sink.open("p")).isEmpty();
      sink.fence(1);
    }
  }

  @Test
  void aSinkThatCannotBeOpenedSaysWhy() {
    try (LakeSink sink = new LakeSink(LakeSinkOptions.of(Map.of("type", "hadoop")))) {
      assertThatThrownBy(() -> sink.open("p")).isInstanceOf(ConfigurationException.class);
      assertThatThrownBy(() -> sink.fence(1)).isInstanceOf(IllegalStateException.class);
    }
  }

  /** A source with a log that can be read again from any position. */
  private static final class Run {
    private static final TableSchema ITEMS = schema("items");
    private static final TableSchema NOTES = schema("notes");
    private static final TableSchema LOG =
        new TableSchema(new TableId("shop", "log"), ITEMS.columns(), List.of());

    private final LakeSinkOptions options;
    private final Random random;
    private final TestChanges changes = new TestChanges();
    private final List<RowChange> log = new ArrayList<>();
    private final Map<TableId, TreeMap<Long, Row>> expected = new HashMap<>();
    private final LakeSink sink;
    private List<SinkWriter> writers = new ArrayList<>();
    private List<InMemoryStateStore> states = new ArrayList<>();
    private List<InMemoryStateStore> checkpointed = List.of();
    private SourcePosition position = SourcePosition.binlog("binlog.000001", 1, 0, null);
    private int read;
    private long epoch;
    private long checkpointId;
    private int logRows;

    Run(LakeSinkOptions options, long seed) {
      this.options = options;
      this.random = new Random(seed);
      this.sink = new LakeSink(options);
      expected.put(ITEMS.table(), new TreeMap<>());
      expected.put(NOTES.table(), new TreeMap<>());
    }

    private static TableSchema schema(String name) {
      return new TableSchema(
          new TableId("shop", name),
          List.of(
              Column.of("id", Types.LongType.get(), false),
              Column.of("note", Types.StringType.get(), true)),
          List.of("id"));
    }

    void play(int checkpoints) {
      startFresh();
      for (int i = 0; i < checkpoints; i++) {
        produce(ITEMS, 30);
        produce(NOTES, 10);
        RowChange logged = changes.insert(LOG, (long) i, "logged");
        log.add(logged);
        logRows++;
        feed();
        CheckpointMark mark = nextMark();
        List<TableCommit> commits = sink.committer().prepare(mark, handOver());
        switch (i % 4) {
          case 0 -> {
            // killed after publishing, between two commits
            commitSome(mark, commits, i);
            restartFromManifest(mark, commits);
          }
          case 1 -> {
            // the same, and the disk with the checkpoints is gone too
            commitSome(mark, commits, i);
            restartFromLake();
          }
          case 2 -> {
            sink.committer().commit(mark, commits);
            restartFromManifest(mark, commits);
          }
          default -> sink.committer().commit(mark, commits);
        }
        if (read == log.size()) {
          verify();
        }
      }
      feed();
      CheckpointMark last = nextMark();
      sink.committer().commit(last, sink.committer().prepare(last, handOver()));
      verify();
      try (LakeReader reader = LakeReader.open(options)) {
        for (TableId table : List.of(ITEMS.table(), NOTES.table(), LOG.table())) {
          List<Long> ids =
              reader.snapshots(table).stream()
                  .filter(LakeReader.SnapshotInfo::isCheckpoint)
                  .map(s -> s.marker().orElseThrow().checkpointId())
                  .toList();
          assertThat(ids).doesNotHaveDuplicates().isSorted();
          assertThat(reader.files(table)).noneMatch(f -> f.content().equals("EQUALITY_DELETES"));
        }
      }
      close();
      sink.close();
    }

    private void produce(TableSchema table, int count) {
      TreeMap<Long, Row> rows = expected.get(table.table());
      for (int i = 0; i < count; i++) {
        long id = random.nextInt(40);
        Row now = rows.get(id);
        if (now == null) {
          Row row = Row.of(id, "n" + random.nextInt(3));
          log.add(changes.insert(table, row.get(0), row.get(1)));
          rows.put(id, row);
        } else if (random.nextInt(3) == 0) {
          log.add(changes.delete(table, now.get(0), now.get(1)));
          rows.remove(id);
        } else {
          Row row = Row.of(id, random.nextInt(4) == 0 ? null : "u" + random.nextInt(3));
          log.add(changes.update(table, now, row));
          rows.put(id, row);
        }
      }
    }

    private void feed() {
      while (read < log.size()) {
        RowChange change = log.get(read++);
        position =
            SourcePosition.binlog("binlog.000001", change.meta().position().offset() + 1, 0, null);
        int task =
            change.schema().hasPrimaryKey()
                ? KeyGroups.taskOf(
                    KeyGroups.ofHash(KeyHash.of(change.keyImage(), change.schema().keyIndexes())),
                    writers.size())
                : read % writers.size();
        writers.get(task).write(List.of(change));
      }
    }

    private SourcePosition previous;

    private CheckpointMark nextMark() {
      checkpointId++;
      CheckpointMark mark =
          new CheckpointMark(
              "p",
              epoch,
              checkpointId,
              new SourceState(position, true, "", Map.of(ITEMS.table(), "items v1")),
              previous);
      previous = position;
      return mark;
    }

    private List<SinkWriter.Committable> handOver() {
      List<SinkWriter.Committable> all = new ArrayList<>();
      writers.forEach(writer -> all.addAll(writer.prepareCommit(checkpointId)));
      List<InMemoryStateStore> copies = new ArrayList<>();
      for (int i = 0; i < states.size(); i++) {
        InMemoryStateStore copy = new InMemoryStateStore();
        copy.restore(KeyGroups.rangeOf(i, states.size()), states.get(i));
        copies.add(copy);
      }
      checkpointed = copies;
      return all;
    }

    private void commitSome(CheckpointMark mark, List<TableCommit> commits, int round) {
      for (TableCommit commit : commits.subList(0, (round + round / 4) % (commits.size() + 1))) {
        TestCommitters.commitOnly(sink.tables(), mark, commits, commit.table());
      }
    }

    private void startFresh() {
      assertThat(sink.open("p")).isEmpty();
      begin(2, false, 0);
    }

    private void restartFromManifest(CheckpointMark mark, List<TableCommit> commits) {
      close();
      Optional<LakeState> state = sink.open("p");
      long maxEpoch = state.map(LakeState::maxEpoch).orElse(epoch);
      epoch = Math.max(epoch, maxEpoch);
      sink.fence(epoch + 1);
      sink.committer().commit(mark, commits);
      begin(1 + random.nextInt(3), true, read);
    }

    private void restartFromLake() {
      close();
      LakeState state = sink.open("p").orElseThrow();
      epoch = Math.max(epoch, state.maxEpoch());
      sink.fence(epoch + 1);
      SourcePosition resume = state.latest() == null ? null : state.resumeFrom().position();
      int from = 0;
      while (resume != null
          && from < log.size()
          && log.get(from).meta().position().compareTo(resume) < 0) {
        from++;
      }
      if (state.latest() != null) {
        checkpointId = state.latest().checkpointId();
        assertThat(state.resumeFrom().tableSchemas()).containsEntry(ITEMS.table(), "items v1");
      } else {
        checkpointId = 0;
      }
      previous = resume;
      position = resume == null ? SourcePosition.binlog("binlog.000001", 1, 0, null) : resume;
      begin(1 + random.nextInt(3), false, from);
    }

    private void begin(int parallelism, boolean restored, int from) {
      epoch++;
      sink.fence(epoch);
      read = from;
      writers = new ArrayList<>();
      states = new ArrayList<>();
      for (int i = 0; i < parallelism; i++) {
        InMemoryStateStore state = new InMemoryStateStore();
        if (restored) {
          for (InMemoryStateStore old : checkpointed) {
            state.restore(KeyGroups.rangeOf(i, parallelism), old);
          }
        }
        states.add(state);
        writers.add(
            sink.createWriter(
                new WriterContext(
                    "p",
                    epoch,
                    checkpointId + 1,
                    i,
                    parallelism,
                    KeyGroups.rangeOf(i, parallelism),
                    state,
                    restored)));
      }
      for (TableSchema schema : List.of(ITEMS, NOTES, LOG)) {
        SchemaChange create =
            new SchemaChange.CreateTable(
                schema, new SchemaChange.Origin(schema.table(), position, "", ""));
        writers.forEach(writer -> writer.apply(create));
      }
    }

    private void close() {
      writers.forEach(SinkWriter::close);
      writers = new ArrayList<>();
    }

    private void verify() {
      try (LakeReader reader = LakeReader.open(options)) {
        for (TableSchema schema : List.of(ITEMS, NOTES)) {
          TreeMap<Long, Row> rows = new TreeMap<>();
          try (RowCursor cursor = reader.rows(schema.table())) {
            for (Row row = cursor.next(); row != null; row = cursor.next()) {
              assertThat(rows.put((Long) row.get(0), row)).as("duplicate of %s", row).isNull();
            }
          }
          assertThat(rows).as(schema.table().toString()).isEqualTo(expected.get(schema.table()));
        }
        assertThat(reader.countRows(LOG.table())).isEqualTo(logRows);
      }
    }
  }
}
