package io.firn.it.check;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.iceberg.AppendFiles;
import org.apache.iceberg.DataFiles;
import org.apache.iceberg.FileMetadata;
import org.apache.iceberg.PartitionSpec;
import org.apache.iceberg.Schema;
import org.apache.iceberg.Table;
import org.apache.iceberg.hadoop.HadoopTables;
import org.apache.iceberg.types.Types;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SnapshotCheckTest {
  private static final String FIRST = "firn-0123abcd-1-1-0-1.parquet";
  private static final String SECOND = "firn-0123abcd-1-2-0-2.parquet";

  @TempDir private Path directory;
  private Table table;

  @BeforeEach
  void create() {
    table =
        new HadoopTables(new Configuration())
            .create(
                new Schema(Types.NestedField.required(1, "id", Types.LongType.get())),
                PartitionSpec.unpartitioned(),
                Map.of("format-version", "2"),
                directory.resolve("table").toUri().toString());
  }

  @Test
  void aSoundHistoryIsDescribed() throws Exception {
    checkpoint(1, "binlog.000001:100:0", FIRST).commit();
    checkpoint(2, "binlog.000001:200:0", SECOND).commit();
    SnapshotCheck.History history = SnapshotCheck.assertSound(table);
    assertThat(history.checkpoints()).containsExactly(1L, 2L);
    assertThat(LeftoverFiles.count(table, history.files())).isZero();
    file("firn-0123abcd-1-3-0-3.parquet");
    assertThat(LeftoverFiles.count(table, history.files())).isEqualTo(1);
    file("unknown.parquet");
    assertThatThrownBy(() -> LeftoverFiles.count(table, history.files()))
        .hasMessageContaining("unknown.parquet");
  }

  @Test
  void aCheckpointThatIsThereTwiceIsFound() throws Exception {
    checkpoint(1, "binlog.000001:100:0", FIRST).commit();
    checkpoint(1, "binlog.000001:200:0", SECOND).commit();
    assertUnsound("repeats checkpoint 1");
  }

  @Test
  void aPositionThatDoesNotIncreaseIsFound() throws Exception {
    checkpoint(1, "binlog.000010:100:0", FIRST).commit();
    checkpoint(2, "binlog.000009:200:0", SECOND).commit();
    assertUnsound("position");
  }

  @Test
  void aSnapshotWithoutMarkerIsFound() throws Exception {
    table.newAppend().appendFile(dataFile(FIRST)).commit();
    assertUnsound("no marker");
  }

  @Test
  void aMissingFileIsFound() throws Exception {
    checkpoint(1, "binlog.000001:100:0", FIRST).commit();
    Files.delete(file(FIRST));
    assertUnsound("missing file");
  }

  @Test
  void aFileOfAnotherSizeIsFound() throws Exception {
    checkpoint(1, "binlog.000001:100:0", FIRST).commit();
    Files.writeString(file(FIRST), "longer than before");
    assertUnsound("bytes");
  }

  @Test
  void anEqualityDeleteIsFound() throws Exception {
    table
        .newRowDelta()
        .addDeletes(
            FileMetadata.deleteFileBuilder(table.spec())
                .ofEqualityDeletes(1)
                .withPath(file(FIRST).toUri().toString())
                .withFileSizeInBytes(1)
                .withRecordCount(1)
                .withFormat("parquet")
                .build())
        .set("firn.operation", "checkpoint")
        .set("firn.checkpoint-id", "1")
        .set("firn.position", "binlog.000001:100:0")
        .commit();
    assertUnsound("equality delete");
  }

  private void assertUnsound(String reason) {
    assertThatThrownBy(() -> SnapshotCheck.assertSound(table))
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining(reason);
  }

  private AppendFiles checkpoint(long id, String position, String name) throws Exception {
    return table
        .newAppend()
        .appendFile(dataFile(name))
        .set("firn.operation", "checkpoint")
        .set("firn.checkpoint-id", Long.toString(id))
        .set("firn.position", position);
  }

  private org.apache.iceberg.DataFile dataFile(String name) throws Exception {
    return DataFiles.builder(table.spec())
        .withPath(file(name).toUri().toString())
        .withFileSizeInBytes(1)
        .withRecordCount(1)
        .build();
  }

  /** A file of one byte in the table's data directory. */
  private Path file(String name) throws Exception {
    Path data = directory.resolve("table/data");
    Files.createDirectories(data);
    Path file = data.resolve(name);
    return Files.exists(file) ? file : Files.writeString(file, "x");
  }
}
