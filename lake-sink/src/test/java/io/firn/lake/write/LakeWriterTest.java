package io.firn.lake.write;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.firn.lake.table.DataFileName;
import io.firn.lake.table.WriteMode;
import io.firn.model.error.RetryableException;
import io.firn.model.row.Row;
import io.firn.model.schema.Column;
import io.firn.model.schema.TableSchema;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.PartitionSpec;
import org.apache.iceberg.types.Types;
import org.junit.jupiter.api.Test;

class LakeWriterTest extends WriterScenario {
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
  void changeLogWithoutBeforeImagesHasOneRowForAnUpdate() {
    startWith(ORDERS, WriteMode.APPEND_AFTER, WriterSettings.DEFAULT);
    pipeline.write(changes.insert(ORDERS, 1L, "a"));
    pipeline.write(changes.update(ORDERS, Row.of(1L, "a"), Row.of(1L, "b")));
    pipeline.write(changes.delete(ORDERS, 1L, "b"));
    pipeline.checkpoint();
    assertThat(pipeline.read(TABLE))
        .extracting(row -> row.get("_firn_op") + " " + row.get("status"))
        .containsExactly("INSERT a", "UPDATE_AFTER b", "DELETE b");
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
  void storageThatFailsIsAReasonToTryAgain() throws IOException {
    startWith(ORDERS);
    Path data = Path.of(pipeline.lake.table(TABLE).location()).resolve("data");
    Files.writeString(data, "a file where the directory should be");
    pipeline.write(changes.insert(ORDERS, 1L, "x"));
    assertThatThrownBy(() -> pipeline.checkpoint())
        .isInstanceOf(RetryableException.class)
        .hasMessageStartingWith("Writing data file '");
  }
}
