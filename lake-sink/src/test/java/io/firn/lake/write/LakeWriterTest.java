package io.firn.lake.write;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.firn.lake.table.DataFileName;
import io.firn.model.error.InconsistentStateException;
import io.firn.model.error.RetryableException;
import io.firn.model.error.RowException;
import io.firn.model.error.UnsupportedChangeException;
import io.firn.model.row.Row;
import io.firn.model.schema.Column;
import io.firn.model.schema.TableId;
import io.firn.model.schema.TableSchema;
import io.firn.model.sink.SinkWriter;
import io.firn.model.stream.SchemaChange;
import io.firn.model.stream.SourcePosition;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.DataFiles;
import org.apache.iceberg.PartitionSpec;
import org.apache.iceberg.types.Types;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LakeWriterTest {
  private static final TableId TABLE = new TableId("shop", "orders");
  private static final TableSchema ORDERS =
      new TableSchema(
          TABLE,
          List.of(
              Column.of("id", Types.LongType.get(), false),
              Column.of("status", Types.StringType.get(), true)),
          List.of("id"));
  private static final TableSchema EVENTS =
      new TableSchema(
          new TableId("shop", "events"),
          List.of(
              Column.of("kind", Types.StringType.get(), false),
              Column.of("n", Types.IntegerType.get(), true)),
          List.of());

  @TempDir Path directory;

  private final TestChanges changes = new TestChanges();
  private TestPipeline pipeline;

  private void start(WriterSettings settings) {
    pipeline = new TestPipeline(directory, 3, settings);
    pipeline.start(1, false);
  }

  private void startWith(TableSchema schema) {
    start(WriterSettings.DEFAULT);
    pipeline.apply(changes.create(schema));
  }

  @AfterEach
  void closePipeline() {
    if (pipeline != null) {
      pipeline.close();
    }
  }

  private static TableCommittable only(List<SinkWriter.Committable> committables) {
    assertThat(committables).hasSize(1);
    return (TableCommittable) committables.get(0);
  }

  private List<Path> parquetFiles() throws IOException {
    try (Stream<Path> files = Files.walk(directory)) {
      return files.filter(file -> file.toString().endsWith(".parquet")).toList();
    }
  }

  @Test
  void keyChangedSeveralTimesCostsOneRow() {
    startWith(ORDERS);
    pipeline.write(changes.insert(ORDERS, 1L, "new"));
    pipeline.write(changes.update(ORDERS, Row.of(1L, "new"), Row.of(1L, "paid")));
    pipeline.write(changes.update(ORDERS, Row.of(1L, "paid"), Row.of(1L, "sent")));
    TableCommittable committable = only(pipeline.checkpoint());
    assertThat(committable.dataFiles()).hasSize(1);
    assertThat(committable.dataFiles().get(0).recordCount()).isEqualTo(1);
    assertThat(committable.superseded()).isEmpty();
    assertThat(pipeline.read(TABLE)).containsExactly(Map.of("id", 1L, "status", "sent"));
  }

  @Test
  void deleteOfAnUnknownKeyLeavesNoTrace() {
    startWith(ORDERS);
    pipeline.checkpoint();
    pipeline.write(changes.delete(ORDERS, 1L, "new"));
    pipeline.write(changes.insert(ORDERS, 2L, "new"));
    pipeline.write(changes.delete(ORDERS, 2L, "new"));
    assertThat(pipeline.checkpoint()).isEmpty();
  }

  @Test
  void keyFlushedTwiceInACheckpointSupersedesItsOwnRow() {
    start(new WriterSettings(1, 1 << 20, 4, 1 << 20));
    pipeline.apply(changes.create(ORDERS));
    pipeline.write(changes.insert(ORDERS, 1L, "new"));
    pipeline.write(changes.update(ORDERS, Row.of(1L, "new"), Row.of(1L, "paid")));
    TableCommittable committable = only(pipeline.checkpoint());
    assertThat(committable.dataFiles()).hasSize(1);
    long fileId =
        DataFileName.parse(committable.dataFiles().get(0).location()).orElseThrow().fileId();
    assertThat(committable.superseded()).containsOnlyKeys(fileId);
    assertThat(committable.superseded().get(fileId)).containsExactly(0);
    assertThat(pipeline.read(TABLE)).containsExactly(Map.of("id", 1L, "status", "paid"));
  }

  @Test
  void fileNamesSayWhoWroteThemInWhichCheckpoint() {
    startWith(ORDERS);
    pipeline.checkpoint();
    pipeline.write(changes.insert(ORDERS, 1L, "new"));
    DataFile file = only(pipeline.checkpoint()).dataFiles().get(0);
    DataFileName name = DataFileName.parse(file.location()).orElseThrow();
    assertThat(name.pipelineHash()).isEqualTo(DataFileName.hashOf("test"));
    assertThat(name.epoch()).isEqualTo(1);
    assertThat(name.checkpointId()).isEqualTo(2);
    assertThat(name.subtask()).isZero();
  }

  @Test
  void filesHaveColumnMetricsAndSplitOffsetsAndAreSortedByKey() {
    startWith(ORDERS);
    for (long id : new long[] {5, 3, 9, 1}) {
      pipeline.write(changes.insert(ORDERS, id, "new"));
    }
    DataFile file = only(pipeline.checkpoint()).dataFiles().get(0);
    assertThat(file.lowerBounds()).containsKeys(1, 2);
    assertThat(file.splitOffsets()).containsExactly(4L);
    assertThat(pipeline.read(TABLE))
        .extracting(row -> row.get("id"))
        .containsExactly(1L, 3L, 5L, 9L);
  }

  @Test
  void everyTypeIsReadAsItWasWritten() {
    TableSchema all =
        new TableSchema(
            TABLE,
            List.of(
                Column.of("uuid", Types.UUIDType.get(), false),
                Column.of("bool", Types.BooleanType.get(), true),
                Column.of("int", Types.IntegerType.get(), true),
                Column.of("long", Types.LongType.get(), true),
                Column.of("float", Types.FloatType.get(), true),
                Column.of("double", Types.DoubleType.get(), true),
                Column.of("date", Types.DateType.get(), true),
                Column.of("time", Types.TimeType.get(), true),
                Column.of("ts", Types.TimestampType.withoutZone(), true),
                Column.of("tz", Types.TimestampType.withZone(), true),
                Column.of("d9", Types.DecimalType.of(9, 2), true),
                Column.of("d18", Types.DecimalType.of(18, 2), true),
                Column.of("d38", Types.DecimalType.of(38, 2), true),
                Column.of("text", Types.StringType.get(), true),
                Column.of("bytes", Types.BinaryType.get(), true),
                Column.of("fixed", Types.FixedType.ofLength(2), true)),
            List.of("uuid"));
    startWith(all);
    Object[] values = {
      new UUID(1, 2),
      true,
      -1,
      Long.MIN_VALUE,
      1.5f,
      -2.5,
      -1,
      86_399_999_999L,
      -1L,
      1_700_000_000_123_456L,
      new BigDecimal("-1234567.89"),
      new BigDecimal("1234567890123456.78"),
      new BigDecimal("-123456789012345678901234567890123456.78"),
      "Grüße \uD83D\uDE00",
      ByteBuffer.wrap(new byte[] {0, -1}),
      ByteBuffer.wrap(new byte[] {7, 8})
    };
    pipeline.write(changes.insert(all, values));
    Object[] nulls = new Object[values.length];
    nulls[0] = new UUID(3, 4);
    pipeline.write(changes.insert(all, nulls));
    pipeline.checkpoint();
    List<Map<String, Object>> rows = pipeline.read(TABLE);
    for (int i = 0; i < values.length; i++) {
      assertThat(rows.get(0).get(all.columns().get(i).name())).isEqualTo(values[i]);
      assertThat(rows.get(1).get(all.columns().get(i).name())).isEqualTo(nulls[i]);
    }
  }

  @Test
  void changeLogHasBothImagesOfAnUpdate() {
    startWith(EVENTS);
    pipeline.write(changes.insert(EVENTS, "a", 1));
    pipeline.write(changes.update(EVENTS, Row.of("a", 1), Row.of("a", 2)));
    pipeline.write(changes.delete(EVENTS, "a", 2));
    pipeline.checkpoint();
    List<Map<String, Object>> rows = pipeline.read(EVENTS.table());
    assertThat(rows)
        .extracting(row -> row.get("_firn_op") + " " + row.get("n"))
        .containsExactly("INSERT 1", "UPDATE_BEFORE 1", "UPDATE_AFTER 2", "DELETE 2");
    assertThat(rows.get(1).get("_firn_position")).isEqualTo("binlog.000001:102:0");
    assertThat(rows.get(0).get("_firn_commit_time")).isInstanceOf(Long.class);
  }

  @Test
  void truncationVoidsTheFilesOfItsCheckpoint() throws IOException {
    start(new WriterSettings(2, 1 << 20, 4, 1 << 20));
    pipeline.apply(changes.create(ORDERS));
    pipeline.write(changes.insert(ORDERS, 1L, "committed"));
    pipeline.checkpoint();
    for (long id = 1; id < 8; id++) {
      pipeline.write(changes.read(ORDERS, id, "lost"));
    }
    pipeline.apply(changes.truncate(ORDERS));
    assertThat(parquetFiles()).hasSize(1);
    pipeline.write(changes.insert(ORDERS, 1L, "kept"));
    TableCommittable committable = only(pipeline.checkpoint());
    assertThat(committable.truncated()).isTrue();
    assertThat(committable.superseded()).isEmpty();
    assertThat(committable.schemaChanges()).hasSize(1);
    assertThat(pipeline.read(TABLE)).containsExactly(Map.of("id", 1L, "status", "kept"));
  }

  @Test
  void closingDeletesUnfinishedFiles() throws IOException {
    start(new WriterSettings(2, 1 << 20, 4, 1 << 20));
    pipeline.apply(changes.create(ORDERS));
    for (long id = 0; id < 10; id++) {
      pipeline.write(changes.insert(ORDERS, id, "x"));
    }
    pipeline.close();
    assertThat(parquetFiles()).isEmpty();
  }

  @Test
  void filesRollAtTheTargetSize() {
    pipeline =
        new TestPipeline(
            directory,
            3,
            s -> PartitionSpec.unpartitioned(),
            Map.of("write.target-file-size-bytes", "4096"),
            new WriterSettings(500, 64 << 20, 4, 64 << 20));
    pipeline.start(1, false);
    pipeline.apply(changes.create(ORDERS));
    for (long id = 0; id < 5000; id++) {
      pipeline.write(changes.read(ORDERS, id, UUID.randomUUID().toString()));
    }
    assertThat(only(pipeline.checkpoint()).dataFiles()).hasSize(5);
    assertThat(pipeline.read(TABLE)).hasSize(5000);
  }

  @Test
  void fewOpenFilesSufficeForManyPartitions() {
    pipeline =
        new TestPipeline(
            directory,
            2,
            s -> PartitionSpec.builderFor(s).identity("status").build(),
            Map.of(),
            new WriterSettings(50, 64 << 20, 2, 64 << 20));
    pipeline.start(1, false);
    pipeline.apply(changes.create(ORDERS));
    for (long id = 0; id < 100; id++) {
      pipeline.write(changes.insert(ORDERS, id, "s" + id % 7));
    }
    pipeline.checkpoint();
    assertThat(pipeline.read(TABLE)).hasSize(100);
    pipeline.write(changes.update(ORDERS, Row.of(3L, "s3"), Row.of(3L, "s4")));
    pipeline.checkpoint();
    assertThat(pipeline.read(TABLE)).hasSize(100).contains(Map.of("id", 3L, "status", "s4"));
  }

  @Test
  void openFilesHoldNoMoreThanAllowed() {
    start(new WriterSettings(1000, 64 << 20, 64, 1));
    pipeline.apply(changes.create(ORDERS));
    for (long id = 0; id < 3000; id++) {
      pipeline.write(changes.insert(ORDERS, id, "x"));
    }
    assertThat(only(pipeline.checkpoint()).dataFiles()).hasSizeBetween(3, 6);
    assertThat(pipeline.read(TABLE)).hasSize(3000);
  }

  @Test
  void tableAheadOfTheStreamIgnoresWhatItHas() {
    startWith(ORDERS);
    TableSchema wide =
        new TableSchema(
            TABLE,
            List.of(
                ORDERS.columns().get(0),
                ORDERS.columns().get(1).withName("state"),
                Column.of("note", Types.StringType.get(), true)),
            List.of("id"));
    pipeline.write(changes.insert(ORDERS, 1L, "new"));
    pipeline.checkpoint();
    SourcePosition committed = SourcePosition.binlog("binlog.000001", 500, 0, null);
    // What the table has from the checkpoint that other tables lack.
    pipeline.apply(
        new SchemaChange.RenameColumns(wide, Map.of("status", "state"), changes.origin(wide)));
    pipeline.apply(new SchemaChange.AddColumns(wide, List.of("note"), changes.origin(wide)));
    pipeline.checkpoint();

    pipeline.start(1, true);
    pipeline.lake.committedUpTo(committed);
    TestChanges again = new TestChanges();
    pipeline.apply(again.create(ORDERS));
    pipeline.write(again.insert(ORDERS, 2L, "ignored"));
    pipeline.apply(
        new SchemaChange.RenameColumns(wide, Map.of("status", "state"), again.origin(wide)));
    pipeline.apply(new SchemaChange.AddColumns(wide, List.of("note"), again.origin(wide)));
    assertThat(pipeline.checkpoint()).isEmpty();
    while (again.next().compareTo(SourcePosition.binlog("binlog.000001", 499, 0, null)) < 0) {
      continue;
    }
    pipeline.write(again.insert(wide, 3L, "at the position", "n"));
    TableCommittable committable = only(pipeline.checkpoint());
    assertThat(committable.schemaChanges()).isEmpty();
    assertThat(pipeline.read(TABLE))
        .extracting(row -> row.get("id"))
        .containsExactlyInAnyOrder(1L, 3L);
  }

  @Test
  void readingAnewEndsBeingAhead() {
    startWith(ORDERS);
    pipeline.write(changes.insert(ORDERS, 1L, "new"));
    pipeline.checkpoint();
    pipeline.start(1, true);
    pipeline.lake.committedUpTo(SourcePosition.binlog("binlog.000001", 5000, 0, null));
    SchemaChange.Origin origin = new SchemaChange.Origin(TABLE, SourcePosition.snapshot(0), "", "");
    pipeline.apply(new SchemaChange.CreateTable(ORDERS, origin));
    pipeline.apply(new SchemaChange.TruncateTable(ORDERS, origin));
    pipeline.write(changes.insert(ORDERS, 2L, "read"));
    pipeline.checkpoint();
    assertThat(pipeline.read(TABLE)).containsExactly(Map.of("id", 2L, "status", "read"));
  }

  @Test
  void shardsWithDifferentColumnsShareATable() {
    TableSchema other =
        new TableSchema(
            TABLE,
            List.of(
                Column.of("extra", Types.IntegerType.get(), false),
                Column.of("id", Types.IntegerType.get(), false)),
            List.of("id"));
    startWith(ORDERS);
    SchemaChange.Origin origin =
        new SchemaChange.Origin(new TableId("shop", "orders_2"), changes.next(), "", "");
    pipeline.apply(new SchemaChange.CreateTable(other, origin));
    pipeline.write(changes.insert(ORDERS, 1L, "new"));
    pipeline.write(changes.insert(other, 9, 2));
    pipeline.write(changes.insert(ORDERS, 3L, "new"));
    pipeline.checkpoint();
    assertThat(pipeline.read(TABLE))
        .extracting(row -> row.get("id") + " " + row.get("status") + " " + row.get("extra"))
        .containsExactlyInAnyOrder("1 new null", "2 null 9", "3 new null");
    // A column that one shard drops stays for the other.
    TableSchema narrow = new TableSchema(TABLE, List.of(other.columns().get(1)), List.of("id"));
    pipeline.apply(new SchemaChange.DropColumns(narrow, List.of("extra"), origin));
    pipeline.write(changes.insert(narrow, 4));
    pipeline.checkpoint();
    assertThat(pipeline.read(TABLE)).hasSize(4).allMatch(row -> row.containsKey("extra"));
    assertThatThrownBy(() -> pipeline.apply(new SchemaChange.TruncateTable(narrow, origin)))
        .isInstanceOf(UnsupportedChangeException.class)
        .hasMessageContaining("2 source tables");
  }

  @Test
  void lostStateIsRebuiltFromTheTable() {
    startWith(ORDERS);
    for (long id = 0; id < 50; id++) {
      pipeline.write(changes.insert(ORDERS, id, "new"));
    }
    pipeline.checkpoint();
    pipeline.write(changes.delete(ORDERS, 7L, "new"));
    pipeline.checkpoint();
    int entries = pipeline.indexEntries();

    pipeline.start(2, false);
    pipeline.apply(changes.create(ORDERS));
    // Even without a row: the next life trusts this checkpoint's state.
    pipeline.checkpoint();
    assertThat(pipeline.indexEntries()).isEqualTo(entries);

    pipeline.start(3, true);
    pipeline.apply(changes.create(ORDERS));
    pipeline.write(changes.update(ORDERS, Row.of(3L, "new"), Row.of(3L, "paid")));
    pipeline.checkpoint();
    assertThat(pipeline.read(TABLE)).hasSize(49).contains(Map.of("id", 3L, "status", "paid"));
  }

  @Test
  void rebuiltIndexFindsRowsFromBeforeTheKeyWasWidened() {
    TableSchema narrow =
        new TableSchema(
            TABLE,
            List.of(Column.of("id", Types.IntegerType.get(), false), ORDERS.columns().get(1)),
            List.of("id"));
    startWith(narrow);
    pipeline.write(changes.insert(narrow, 1, "new"));
    pipeline.apply(new SchemaChange.AlterColumns(ORDERS, List.of("id"), changes.origin(ORDERS)));
    pipeline.write(changes.insert(ORDERS, 2L, "new"));
    pipeline.checkpoint();
    pipeline.start(1, false);
    pipeline.apply(changes.create(ORDERS));
    pipeline.write(changes.delete(ORDERS, 1L, "new"));
    pipeline.write(changes.delete(ORDERS, 2L, "new"));
    pipeline.checkpoint();
    assertThat(pipeline.read(TABLE)).isEmpty();
  }

  @Test
  void fewLargeRowsDoNotWaitForTheRowLimit() throws IOException {
    start(new WriterSettings(100_000, 1 << 20, 4, 64 << 20));
    pipeline.apply(changes.create(ORDERS));
    String large = "x".repeat(400_000);
    pipeline
        .writer(0)
        .write(
            List.of(
                changes.insert(ORDERS, 1L, large),
                changes.insert(ORDERS, 2L, large),
                changes.insert(ORDERS, 3L, large),
                changes.update(ORDERS, Row.of(1L, large), Row.of(1L, "small"))));
    TableCommittable committable = only(pipeline.checkpoint());
    // The first three were flushed before the update came.
    assertThat(committable.superseded()).hasSize(1);
  }

  @Test
  void foreignDataFileStopsTheRebuild() {
    startWith(ORDERS);
    pipeline.write(changes.insert(ORDERS, 1L, "new"));
    DataFile ours = only(pipeline.checkpoint()).dataFiles().get(0);
    pipeline
        .lake
        .table(TABLE)
        .newAppend()
        .appendFile(
            DataFiles.builder(PartitionSpec.unpartitioned())
                .copy(ours)
                .withPath(ours.location().replace("firn-", "spark-"))
                .build())
        .commit();
    pipeline.start(1, false);
    pipeline.apply(changes.create(ORDERS));
    assertThatThrownBy(() -> pipeline.checkpoint())
        .isInstanceOf(InconsistentStateException.class)
        .hasMessageContaining("spark-");
  }

  @Test
  void rowWithoutAKeyIsReportedAsSuch() {
    startWith(ORDERS);
    assertThatThrownBy(() -> pipeline.write(changes.insert(ORDERS, null, "new")))
        .isInstanceOf(RowException.class)
        .hasMessageContaining("'id' is NULL");
  }

  @Test
  void rowOfAnotherTasksKeyIsRefused() {
    start(WriterSettings.DEFAULT);
    pipeline.start(2, false);
    pipeline.apply(changes.create(ORDERS));
    LakeWriter first = pipeline.writer(0);
    assertThatThrownBy(
            () -> {
              for (long id = 0; id < 20; id++) {
                first.write(List.of(changes.insert(ORDERS, id, "x")));
              }
            })
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("does not own");
  }

  @Test
  void unannouncedTableIsRefused() {
    start(WriterSettings.DEFAULT);
    assertThatThrownBy(() -> pipeline.write(changes.insert(ORDERS, 1L, "x")))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("shop.orders was not announced");
  }

  @Test
  void storageThatFailsIsAReasonToTryAgain() throws IOException {
    startWith(ORDERS);
    Path data = Path.of(pipeline.lake.table(TABLE).location()).resolve("data");
    Files.writeString(data, "a file where the directory should be");
    pipeline.write(changes.insert(ORDERS, 1L, "x"));
    assertThatThrownBy(() -> pipeline.checkpoint())
        .isInstanceOf(RetryableException.class)
        .hasMessageContaining("Data file '");
  }
}
