package io.firn.lake.commit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.firn.lake.guard.CommitGuard.BaseMark;
import io.firn.lake.guard.SourceSchema;
import io.firn.model.error.InconsistentStateException;
import io.firn.model.schema.Column;
import io.firn.model.schema.TableId;
import io.firn.model.schema.TableSchema;
import io.firn.model.sink.Committer.TableCommit;
import io.firn.model.stream.SchemaChange;
import io.firn.model.stream.SchemaChange.Origin;
import io.firn.model.stream.SourcePosition;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.DataFiles;
import org.apache.iceberg.DeleteFile;
import org.apache.iceberg.FileFormat;
import org.apache.iceberg.FileMetadata;
import org.apache.iceberg.Metrics;
import org.apache.iceberg.PartitionSpec;
import org.apache.iceberg.Schema;
import org.apache.iceberg.types.Types;
import org.junit.jupiter.api.Test;

class PayloadFormatTest {
  private static final TableId TABLE = new TableId("d\"b", "t\n/表");
  private final Schema schema =
      new Schema(
          Types.NestedField.required(1, "id", Types.LongType.get()),
          Types.NestedField.optional(2, "day", Types.DateType.get()));
  private final PartitionSpec spec =
      PartitionSpec.builderFor(schema).withSpecId(3).day("day").bucket("id", 4).build();

  private final TableSchema columns =
      new TableSchema(
          TABLE,
          List.of(
              new Column("i", Types.IntegerType.get(), false, "a \"comment\"", 7),
              new Column("l", Types.LongType.get(), true, null, Long.MIN_VALUE),
              new Column("b", Types.BooleanType.get(), true, null, true),
              new Column("f", Types.FloatType.get(), true, null, 1.5f),
              new Column("d", Types.DoubleType.get(), true, null, -0.1),
              new Column("date", Types.DateType.get(), true, null, -12),
              new Column("time", Types.TimeType.get(), true, null, 86_399_999_999L),
              new Column("ts", Types.TimestampType.withoutZone(), true, null, -1L),
              new Column("tz", Types.TimestampType.withZone(), true, null, 1_700_000_000_000_001L),
              new Column(
                  "dec", Types.DecimalType.of(38, 4), true, null, new BigDecimal("-12.3400")),
              new Column("s", Types.StringType.get(), true, null, "ä\u0000\n"),
              new Column("u", Types.UUIDType.get(), true, null, new UUID(1, 2)),
              new Column(
                  "x", Types.BinaryType.get(), true, null, ByteBuffer.wrap(new byte[] {1, 0})),
              new Column("fx", Types.FixedType.ofLength(2), true, null, null)),
          List.of("i", "l"));
  private final Origin origin =
      new Origin(
          new TableId("src", "t"),
          SourcePosition.binlog("binlog.000007", 5, 1, "uuid:1-5"),
          "ALTER TABLE t",
          "CREATE TABLE \"t\"");

  @Test
  void everythingSurvivesTheRoundTrip() {
    List<SchemaChange> changes =
        List.of(
            new SchemaChange.CreateTable(columns, origin),
            new SchemaChange.AddColumns(columns, List.of("i", "l"), origin),
            new SchemaChange.DropColumns(columns, List.of("gone"), origin),
            new SchemaChange.RenameColumns(columns, Map.of("a", "b", "b", "a"), origin),
            new SchemaChange.AlterColumns(columns, List.of("dec"), origin),
            new SchemaChange.TruncateTable(columns, new Origin(TABLE, null, "", "")),
            new SchemaChange.DropTable(columns, origin));
    DataFile data =
        DataFiles.builder(spec)
            .withPath("s3://b/t/data/firn-00000000-1-2-0-3.parquet")
            .withFormat(FileFormat.PARQUET)
            .withPartitionPath("day_day=2024-01-01/id_bucket=3")
            .withFileSizeInBytes(100)
            .withMetrics(
                new Metrics(
                    10L,
                    Map.of(1, 80L),
                    Map.of(1, 10L),
                    Map.of(1, 0L),
                    Map.of(),
                    Map.of(1, ByteBuffer.wrap(new byte[8])),
                    Map.of(1, ByteBuffer.wrap(new byte[] {1, 2, 3, 4, 5, 6, 7, 8}))))
            .withSplitOffsets(List.of(4L))
            .build();
    DeleteFile vector =
        FileMetadata.deleteFileBuilder(spec)
            .ofPositionDeletes()
            .withFormat(FileFormat.PUFFIN)
            .withPath("s3://b/t/data/firn-00000000-1-2-0-0.puffin")
            .withPartition(data.partition())
            .withFileSizeInBytes(50)
            .withReferencedDataFile(data.location())
            .withContentOffset(4)
            .withContentSizeInBytes(40)
            .withRecordCount(2)
            .build();
    CommitPayload payload =
        new CommitPayload(
            new BaseMark(1, 1),
            77L,
            true,
            14,
            columns,
            changes,
            List.of(new SourceSchema(new TableId("src", "t"), "new", "binlog.000007:4:0", "old")),
            3,
            List.of(data),
            List.of(vector),
            List.of(data),
            List.of(vector),
            List.of("s3://b/old.parquet"));

    CommitPayload read = roundTrip(payload);

    assertThat(read.schemaChanges()).isEqualTo(changes);
    assertThat(read.layoutBefore()).isEqualTo(columns);
    assertThat(read.sourceSchemas()).isEqualTo(payload.sourceSchemas());
    assertThat(read.base()).isEqualTo(payload.base());
    assertThat(read.baseSnapshotId()).isEqualTo(77);
    assertThat(read.truncated()).isTrue();
    assertThat(read.lastColumnId()).isEqualTo(14);
    assertThat(read.lastFileId()).isEqualTo(3);
    assertThat(read.referencedData()).isEqualTo(payload.referencedData());
    DataFile readData = read.addedData().get(0);
    assertThat(readData.location()).isEqualTo(data.location());
    assertThat(readData.upperBounds()).isEqualTo(data.upperBounds());
    assertThat(readData.valueCounts()).isEqualTo(data.valueCounts());
    assertThat(readData.splitOffsets()).isEqualTo(data.splitOffsets());
    assertThat(readData.partition()).isEqualTo(data.partition());
    DeleteFile readVector = read.addedDeletes().get(0);
    assertThat(readVector.contentOffset()).isEqualTo(4);
    assertThat(readVector.contentSizeInBytes()).isEqualTo(40);
    assertThat(readVector.referencedDataFile()).isEqualTo(data.location());
  }

  private CommitPayload roundTrip(CommitPayload payload) {
    Map<Integer, PartitionSpec> specs = Map.of(3, spec);
    return PayloadFormat.read(
        new TableCommit(TABLE, PayloadFormat.VERSION, PayloadFormat.write(payload, specs)), specs);
  }

  @Test
  void otherVersionsAndDamageAreRefused() {
    assertThatThrownBy(() -> PayloadFormat.read(new TableCommit(TABLE, 99, new byte[0]), Map.of()))
        .isInstanceOf(InconsistentStateException.class)
        .hasMessageContaining("99");
    assertThatThrownBy(
            () ->
                PayloadFormat.read(
                    new TableCommit(
                        TABLE, 1, "{\"x\":".getBytes(java.nio.charset.StandardCharsets.UTF_8)),
                    Map.of()))
        .isInstanceOf(InconsistentStateException.class);
  }
}
