package io.firn.lake.compact;

import static org.assertj.core.api.Assertions.assertThat;

import io.firn.lake.compact.RewritePlanner.Reason;
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

class RewritePlannerTest {
  private static final long MIB = 1L << 20;
  private static final CompactionSettings SETTINGS =
      new CompactionSettings(true, 0, 4, 0.3, 10, 1, 1);
  private static final String HASH = DataFileName.hashOf("p");

  private final List<DataFile> files = new ArrayList<>();
  private final List<DeleteFile> deletes = new ArrayList<>();
  private PartitionSpec spec = PartitionSpec.unpartitioned();

  private DataFile file(long megabytes, long rows, String partition) {
    DataFiles.Builder builder =
        DataFiles.builder(spec)
            .withPath(
                "/t/data/" + new DataFileName(HASH, 1, 1, 0, files.size() + 1L).format("parquet"))
            .withFormat(FileFormat.PARQUET)
            .withFileSizeInBytes(megabytes * MIB)
            .withRecordCount(rows);
    if (partition != null) {
      builder.withPartitionPath(partition);
    }
    DataFile file = builder.build();
    files.add(file);
    return file;
  }

  private DataFile file(long megabytes) {
    return file(megabytes, 1000, null);
  }

  private void delete(DataFile file, long rows) {
    deletes.add(
        FileMetadata.deleteFileBuilder(spec)
            .ofPositionDeletes()
            .withPath("/t/data/" + deletes.size() + ".puffin")
            .withFormat(FileFormat.PUFFIN)
            .withFileSizeInBytes(100)
            .withReferencedDataFile(file.location())
            .withContentOffset(4)
            .withContentSizeInBytes(50)
            .withRecordCount(rows)
            .build());
  }

  private Optional<RewritePlan> plan() {
    return plan(location -> false);
  }

  private Optional<RewritePlan> plan(java.util.function.Predicate<String> busy) {
    LiveFiles live = LiveFiles.none();
    live.apply(1L, files, deletes, List.of(), List.of(), false);
    return new RewritePlanner(SETTINGS, 128 * MIB, HASH)
        .plan(live, Map.of(spec.specId(), spec), busy);
  }

  private static List<String> locations(RewritePlan plan) {
    return plan.inputs().stream().map(DataFile::location).toList();
  }

  @Test
  void fewSmallFilesAreLeftAlone() {
    file(1);
    file(1);
    file(1);
    assertThat(plan()).isEmpty();
  }

  @Test
  void enoughSmallFilesAreRewrittenOldestFirst() {
    for (int i = 4; i > 0; i--) {
      file(i);
    }
    RewritePlan plan = plan().orElseThrow();
    assertThat(plan.reason()).isEqualTo(Reason.SMALL_FILES);
    assertThat(locations(plan))
        .containsExactlyElementsOf(files.stream().map(DataFile::location).toList());
  }

  @Test
  void aFileLargerThanAllSmallerOnesTogetherIsNotTouched() {
    DataFile large = file(60);
    for (int i = 0; i < 10; i++) {
      file(1);
    }
    assertThat(locations(plan().orElseThrow())).hasSize(10).doesNotContain(large.location());
  }

  @Test
  void whatIsRewrittenStaysWithinTheTarget() {
    for (int i = 0; i < 40; i++) {
      file(10);
    }
    assertThat(plan().orElseThrow().inputs()).hasSize(12);
  }

  @Test
  void filesOfNearlyTheTargetSizeAreFinished() {
    for (int i = 0; i < 10; i++) {
      file(100);
    }
    assertThat(plan()).isEmpty();
  }

  @Test
  void manyDeletedRowsAreAReasonWhateverTheSize() {
    DataFile full = file(128);
    delete(full, 300);
    RewritePlan plan = plan().orElseThrow();
    assertThat(plan.reason()).isEqualTo(Reason.DELETED_ROWS);
    assertThat(locations(plan)).containsExactly(full.location());
    assertThat(plan.liveRows()).isEqualTo(700);
  }

  @Test
  void fewDeletedRowsAreNot() {
    delete(file(128), 299);
    delete(file(128, 20, null), 9);
    assertThat(plan()).isEmpty();
  }

  @Test
  void smallFilesGoAlongWithOneThatIsRewrittenForItsDeletedRows() {
    DataFile old = file(64);
    DataFile small = file(1);
    delete(old, 500);
    assertThat(locations(plan().orElseThrow())).containsExactly(old.location(), small.location());
  }

  @Test
  void filesBeingRewrittenAreNotChosenAgain() {
    for (int i = 0; i < 4; i++) {
      file(1);
    }
    assertThat(plan(files.get(0).location()::equals)).isEmpty();
  }

  @Test
  void partitionsAreNotMixed() {
    Schema schema = new Schema(Types.NestedField.required(1, "p", Types.StringType.get()));
    spec = PartitionSpec.builderFor(schema).identity("p").build();
    for (int i = 0; i < 3; i++) {
      file(1, 10, "p=a");
      file(1, 10, "p=b");
    }
    assertThat(plan()).isEmpty();
    DataFile fourth = file(1, 10, "p=b");
    assertThat(locations(plan().orElseThrow())).hasSize(4).contains(fourth.location());
  }

  @Test
  void filesOfOthersAreNotTouched() {
    for (int i = 0; i < 10; i++) {
      files.add(
          DataFiles.builder(spec)
              .withPath("/t/data/0000" + i + ".parquet")
              .withFormat(FileFormat.PARQUET)
              .withFileSizeInBytes(MIB)
              .withRecordCount(10)
              .build());
    }
    assertThat(plan()).isEmpty();
  }

  @Test
  void aRowIsRewrittenAboutAsOftenAsTheTargetSizeDoubles() {
    // 20 MiB arrive as 20,000 files of 1 KiB; every row is in a file of at most the target.
    CompactionSettings settings = new CompactionSettings(true, 0, 10, 0.3, 10, 1, 1);
    RewritePlanner planner = new RewritePlanner(settings, 16 * MIB, HASH);
    LiveFiles live = LiveFiles.none();
    long written = 0;
    int most = 0;
    long id = 1;
    for (int arrived = 0; arrived < 4_000; arrived++) {
      live.apply(1L, List.of(sized(id++, 1024)), List.of(), List.of(), List.of(), false);
      Optional<RewritePlan> plan = planner.plan(live, Map.of(spec.specId(), spec), f -> false);
      if (plan.isPresent()) {
        written += plan.get().liveBytes();
        live.apply(
            1L,
            List.of(sized(id++, plan.get().liveBytes())),
            List.of(),
            plan.get().inputs(),
            List.of(),
            false);
      }
      most = Math.max(most, live.dataFiles().size());
    }
    assertThat(most).isLessThan(40);
    assertThat(written / (4_000 * 1024.0)).isLessThan(6);
  }

  private DataFile sized(long id, long bytes) {
    return DataFiles.builder(spec)
        .withPath("/t/data/" + new DataFileName(HASH, 1, 1, 0, id).format("parquet"))
        .withFormat(FileFormat.PARQUET)
        .withFileSizeInBytes(bytes)
        .withRecordCount(10)
        .build();
  }
}
