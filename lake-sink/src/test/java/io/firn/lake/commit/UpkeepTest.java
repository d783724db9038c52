package io.firn.lake.commit;

import static io.firn.lake.kit.TestTable.row;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.firn.lake.LakeSinkOptions;
import io.firn.lake.kit.CatalogKind;
import io.firn.lake.kit.Life;
import io.firn.lake.kit.TestTable;
import io.firn.lake.maintain.ExpiredFiles;
import io.firn.lake.maintain.MaintenanceSettings;
import io.firn.lake.table.DataFileName;
import io.firn.model.error.FencedException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.iceberg.BaseTable;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.DataFiles;
import org.apache.iceberg.FileScanTask;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.Table;
import org.apache.iceberg.TableMetadata;
import org.apache.iceberg.io.CloseableIterable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class UpkeepTest {
  private static final MaintenanceSettings SETTINGS = settings(true);

  private static final FreshTables FRESH = new FreshTables(attempt -> {});

  private static MaintenanceSettings settings(boolean expire) {
    return new MaintenanceSettings(
        expire, 2, true, Duration.ofDays(1), Duration.ofMinutes(1), System::currentTimeMillis);
  }

  @TempDir Path directory;
  private LakeSinkOptions options;
  private Life life;
  private TestTable orders;
  private long nanos;
  private Upkeep upkeep;

  @BeforeEach
  void fiveCheckpoints() throws Exception {
    options = CatalogKind.HADOOP.options(directory, null);
    life = Life.start(options, 1);
    orders = new TestTable("orders").announce(life.tables());
    upkeep = new Upkeep(life.tables(), SETTINGS, FRESH, Runnable::run, () -> nanos);
    long keep = orders.write(1, row(100, "kept"), row(101, "old"));
    long previous = 0;
    for (long checkpoint = 1; checkpoint <= 5; checkpoint++) {
      long file = orders.write(checkpoint, row(checkpoint, "n"));
      if (previous != 0) {
        orders.supersede(previous, 0);
      }
      if (checkpoint == 3) {
        orders.supersede(keep, 1);
      }
      life.checkpoint(checkpoint, orders.handOver());
      previous = file;
    }
  }

  @AfterEach
  void close() {
    life.close();
  }

  private boolean step() {
    return upkeep.step(List.of(life.tables().table(orders.id()).orElseThrow()), 5);
  }

  private Table table() {
    return life.reader().table(orders.id());
  }

  private Path tableDirectory() {
    return Path.of(table().location());
  }

  private Set<String> filesOnDisk() throws IOException {
    try (Stream<Path> files = Files.walk(tableDirectory().resolve("data"))) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(name -> name.startsWith("firn-"))
          .collect(Collectors.toCollection(TreeSet::new));
    }
  }

  private Set<String> filesOfSnapshots() throws IOException {
    Set<String> names = new TreeSet<>();
    for (Snapshot snapshot : table().snapshots()) {
      try (CloseableIterable<FileScanTask> tasks =
          table().newScan().useSnapshot(snapshot.snapshotId()).planFiles()) {
        for (FileScanTask task : tasks) {
          names.add(name(task.file().location()));
          task.deletes().forEach(delete -> names.add(name(delete.location())));
        }
      }
    }
    return names;
  }

  private static String name(String location) {
    return location.substring(location.lastIndexOf('/') + 1);
  }

  @Test
  void expiredSnapshotsTakeAlongTheFilesThatOnlyTheyNeeded() throws IOException {
    assertThat(filesOnDisk()).hasSize(7); // six of data, one of deletion vectors
    assertThat(step()).isTrue();
    assertThat(table().snapshots()).hasSize(2);
    assertThat(filesOnDisk()).isEqualTo(filesOfSnapshots()).hasSize(4);
    assertThat(life.rows(orders)).containsExactlyInAnyOrder(row(100, "kept"), row(5, "n"));
    try (Stream<Path> lists = Files.list(tableDirectory().resolve("metadata"))) {
      assertThat(lists.filter(file -> file.getFileName().toString().startsWith("snap-")))
          .hasSize(2);
    }
  }

  @Test
  void theTableGoesOnAfterwards() {
    step();
    orders.write(6, row(6, "n"));
    life.checkpoint(6, orders.handOver());
    assertThat(life.rows(orders)).hasSize(3);
  }

  @Test
  void whatATagHoldsStays() throws IOException {
    Snapshot first = life.reader().table(orders.id()).snapshots().iterator().next();
    table().manageSnapshots().createTag("month-end", first.snapshotId()).commit();
    step();
    assertThat(table().snapshots()).hasSize(3);
    assertThat(life.rowsAt(orders, first.snapshotId()))
        .containsExactlyInAnyOrder(row(100, "kept"), row(101, "old"), row(1, "n"));
    assertThat(filesOnDisk()).isEqualTo(filesOfSnapshots());
  }

  @Test
  void whatATagInTheMiddleHoldsStays() throws IOException {
    table().manageSnapshots().createTag("five", table().currentSnapshot().snapshotId()).commit();
    // The file comes with a snapshot that expires, and goes before one that is left.
    long file = orders.write(6, row(50, "n"));
    life.checkpoint(6, orders.handOver());
    orders.write(7, row(51, "n"));
    life.checkpoint(7, orders.handOver());
    long seventh = table().currentSnapshot().snapshotId();
    table().manageSnapshots().createTag("seven", seventh).commit();
    orders.supersede(file, 0);
    life.checkpoint(8, orders.handOver());
    orders.write(9, row(52, "n"));
    life.checkpoint(9, orders.handOver());
    assertThat(step()).isTrue();
    assertThat(table().snapshots()).hasSize(4);
    assertThat(filesOnDisk()).isEqualTo(filesOfSnapshots());
    assertThat(life.rowsAt(orders, seventh)).contains(row(50, "n"), row(51, "n"));
  }

  @Test
  void aFileOfASnapshotThatExpiredStaysIfItWasCommittedASecondTime() throws IOException {
    Snapshot newest = table().currentSnapshot();
    // Staged, and published as "write, audit, publish" does: the same files in another snapshot.
    DataFile staged =
        DataFiles.builder(table().spec())
            .withPath(
                Files.writeString(tableDirectory().resolve("data/staged.parquet"), "x").toString())
            .withFileSizeInBytes(1)
            .withRecordCount(1)
            .build();
    table().newAppend().appendFile(staged).stageOnly().commit();
    List<Snapshot> snapshots = new ArrayList<>();
    table().snapshots().forEach(snapshots::add);
    Snapshot audited = snapshots.get(snapshots.size() - 1);
    assertThat(audited.parentId()).isEqualTo(newest.snapshotId());
    table().newAppend().appendFile(staged).commit();
    TableMetadata before = ((BaseTable) table()).operations().current();
    TableMetadata after = before.removeSnapshotsIf(s -> s.snapshotId() == audited.snapshotId());
    assertThat(new ExpiredFiles(before, after, table().io()).find())
        .doesNotContain(staged.location())
        .contains(audited.manifestListLocation());
  }

  @Test
  void aTableIsLookedAtOncePerInterval() throws Exception {
    step();
    for (long checkpoint = 6; checkpoint <= 8; checkpoint++) {
      orders.write(checkpoint, row(checkpoint, "n"));
      life.checkpoint(checkpoint, orders.handOver());
    }
    assertThat(step()).isFalse();
    nanos += Duration.ofMinutes(1).toNanos();
    assertThat(step()).isTrue();
  }

  @Test
  void anInstanceThatWasTakenOverExpiresNothing() {
    try (Life newer = Life.start(options, 2)) {
      assertThat(newer.tables().all()).hasSize(1);
      assertThatThrownBy(this::step).isInstanceOf(FencedException.class);
      assertThat(table().snapshots()).hasSizeGreaterThanOrEqualTo(5);
    }
  }

  @Test
  void onlyOldFilesOfOursThatNothingRefersToAreOrphans() throws IOException {
    Path data = tableDirectory().resolve("data");
    Set<String> live = filesOnDisk();
    String hash = DataFileName.hashOf(TestTable.PIPELINE);
    Instant old = Instant.now().minus(Duration.ofDays(2));
    Path orphan = file(data, new DataFileName(hash, 1, 4, 0, 91).format("parquet"), old);
    Path compacted =
        file(
            data, new DataFileName(hash, 0, 4, DataFileName.COMPACTION, 92).format("parquet"), old);
    Path underWay =
        file(
            data, new DataFileName(hash, 1, 3, DataFileName.COMPACTION, 97).format("parquet"), old);
    Path deletes = file(data, new DataFileName(hash, 1, 4, 0, 93).format("puffin"), old);
    Path promised = file(data, new DataFileName(hash, 1, 5, 0, 94).format("parquet"), old);
    Path young = file(data, new DataFileName(hash, 1, 4, 0, 95).format("parquet"), Instant.now());
    Path others = file(data, new DataFileName("00000000", 1, 4, 0, 96).format("parquet"), old);
    Path foreign = file(data, "00000-0-abc.parquet", old);
    for (String name : live) {
      Files.setLastModifiedTime(data.resolve(name), FileTime.from(old));
    }
    upkeep = new Upkeep(life.tables(), settings(false), FRESH, Runnable::run, () -> nanos);
    step();
    assertThat(List.of(orphan, compacted, deletes)).noneMatch(Files::exists);
    assertThat(List.of(promised, young, others, foreign, underWay)).allMatch(Files::exists);
    assertThat(live).allMatch(name -> Files.exists(data.resolve(name)));
  }

  @Test
  void onlyOldManifestsThatNoSnapshotRefersToAreOrphans() throws IOException {
    Path metadata = tableDirectory().resolve("metadata");
    Instant old = Instant.now().minus(Duration.ofDays(2));
    List<Path> live;
    try (Stream<Path> files = Files.list(metadata)) {
      live = files.toList();
    }
    for (Path file : live) {
      Files.setLastModifiedTime(file, FileTime.from(old));
    }
    String uuid = "0b81be54-3a0f-4d0c-8a0e-3d4a5c8f9b1d";
    Path manifest = file(metadata, uuid + "-m0.avro", old);
    Path list = file(metadata, "snap-123456789-1-" + uuid + ".avro", old);
    Path young = file(metadata, uuid + "-m1.avro", Instant.now());
    Path ofATable = file(metadata, "00007-" + uuid + ".metadata.json", old);
    Path foreign = file(metadata, "manifest.avro", old);
    upkeep = new Upkeep(life.tables(), settings(false), FRESH, Runnable::run, () -> nanos);
    step();
    assertThat(List.of(manifest, list)).noneMatch(Files::exists);
    assertThat(List.of(young, ofATable, foreign)).allMatch(Files::exists);
    assertThat(live).allMatch(Files::exists).hasSizeGreaterThan(20);
  }

  @Test
  void manifestsOfATableWhoseFilesAreNotToBeCollectedStay() throws IOException {
    table().updateProperties().set("gc.enabled", "false").commit();
    Path manifest =
        file(
            tableDirectory().resolve("metadata"),
            "0b81be54-3a0f-4d0c-8a0e-3d4a5c8f9b1d-m0.avro",
            Instant.now().minus(Duration.ofDays(2)));
    step();
    assertThat(manifest).exists();
  }

  private static Path file(Path data, String name, Instant modified) throws IOException {
    Path file = Files.writeString(data.resolve(name), "x");
    Files.setLastModifiedTime(file, FileTime.from(modified));
    return file;
  }
}
