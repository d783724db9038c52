package io.firn.lake.compact;

import static org.assertj.core.api.Assertions.assertThat;

import io.firn.lake.registry.LiveFiles;
import io.firn.lake.table.DataFileName;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.DataFiles;
import org.apache.iceberg.DeleteFile;
import org.apache.iceberg.FileFormat;
import org.apache.iceberg.FileMetadata;
import org.apache.iceberg.PartitionSpec;
import org.apache.iceberg.Schema;
import org.apache.iceberg.types.Types;
import org.junit.jupiter.api.Test;

class DeleteMergePlannerTest {
  private static final CompactionSettings SETTINGS =
      new CompactionSettings(true, 0, 10, 0.3, 10, 1, 1, 4);
  private static final String HASH = DataFileName.hashOf("p");

  private final List<DataFile> files = new ArrayList<>();
  private final List<DeleteFile> deletes = new ArrayList<>();
  private PartitionSpec spec = PartitionSpec.unpartitioned();

  private String dataFile() {
    DataFile file =
        DataFiles.builder(spec)
            .withPath(
                "/t/data/" + new DataFileName(HASH, 1, 1, 0, files.size() + 1L).format("parquet"))
            .withFormat(FileFormat.PARQUET)
            .withFileSizeInBytes(1 << 20)
            .withRecordCount(1_000_000)
            .build();
    files.add(file);
    return file.location();
  }

  /** A delete file for one data file, or for several if that is null. */
  private void delete(long positions, String dataFile) {
    delete(HASH, positions, dataFile, null);
  }

  private void delete(String hash, long positions, String dataFile, String partition) {
    FileMetadata.Builder builder =
        FileMetadata.deleteFileBuilder(spec)
            .ofPositionDeletes()
            .withPath(
                "/t/data/"
                    + new DataFileName(hash, 1, 1, 0, 1000L + deletes.size())
                        .format("deletes.parquet"))
            .withFormat(FileFormat.PARQUET)
            .withFileSizeInBytes(100)
            .withRecordCount(positions);
    if (dataFile != null) {
      builder.withReferencedDataFile(dataFile);
    }
    if (partition != null) {
      builder.withPartitionPath(partition);
    }
    deletes.add(builder.build());
  }

  private Optional<DeleteMergePlan> plan() {
    LiveFiles live = LiveFiles.none();
    live.apply(1L, files, deletes, List.of(), List.of(), false);
    return new DeleteMergePlanner(SETTINGS, HASH).plan(live, Map.of(spec.specId(), spec));
  }

  private List<DeleteFile> chosen() {
    return plan().orElseThrow().inputs();
  }

  @Test
  void fewDeleteFilesAreLeftAlone() {
    for (int i = 0; i < 3; i++) {
      delete(10, null);
    }
    assertThat(plan()).isEmpty();
  }

  @Test
  void manyAreMerged() {
    for (int i = 0; i < 4; i++) {
      delete(10, null);
    }
    assertThat(plan().orElseThrow().applying()).isEqualTo(4);
    assertThat(chosen()).containsExactlyInAnyOrderElementsOf(deletes);
  }

  @Test
  void thoseForOneDataFileCountForThatFileOnly() {
    for (int i = 0; i < 10; i++) {
      delete(10, dataFile());
    }
    delete(10, null);
    delete(10, null);
    assertThat(plan()).as("three apply to each").isEmpty();
    delete(10, files.get(0).location());
    assertThat(plan().orElseThrow().applying()).isEqualTo(4);
    assertThat(chosen())
        .as("the other nine would stay as many")
        .containsExactlyInAnyOrder(
            deletes.get(0), deletes.get(10), deletes.get(11), deletes.get(12));
  }

  @Test
  void largeOnesAreNotWrittenAgainForAFewSmallOnes() {
    delete(100_000, null);
    for (int i = 0; i < 3; i++) {
      delete(10, null);
    }
    assertThat(chosen()).containsExactlyInAnyOrderElementsOf(deletes.subList(1, 4));
  }

  @Test
  void whatIsTooUnlikeIsMergedAllTheSameOnceThereAreTooMany() {
    for (long positions = 2_000; deletes.size() < 4; positions *= 10) {
      delete(positions, null);
    }
    assertThat(chosen()).hasSizeGreaterThanOrEqualTo(2);
  }

  @Test
  void deletesOfADataFileThatIsGoneAreMergedAway() {
    for (int i = 0; i < 4; i++) {
      delete(10, "/t/data/gone-" + i + ".parquet");
    }
    assertThat(chosen()).containsExactlyInAnyOrderElementsOf(deletes);
  }

  @Test
  void filesOfOthersAreLeftAlone() {
    for (int i = 0; i < 8; i++) {
      delete("00000000", 10, null, null);
    }
    assertThat(plan()).isEmpty();
  }

  @Test
  void partitionsAreMergedApart() {
    Schema schema = new Schema(Types.NestedField.required(1, "region", Types.StringType.get()));
    spec = PartitionSpec.builderFor(schema).identity("region").withSpecId(1).build();
    for (int i = 0; i < 3; i++) {
      delete(HASH, 10, null, "region=north");
    }
    for (int i = 0; i < 5; i++) {
      delete(HASH, 10, null, "region=south");
    }
    assertThat(chosen()).containsExactlyInAnyOrderElementsOf(deletes.subList(3, 8));
  }
}
