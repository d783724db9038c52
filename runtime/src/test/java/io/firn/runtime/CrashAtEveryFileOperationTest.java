package io.firn.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import io.firn.model.transform.Transform;
import io.firn.runtime.checkpoint.FaultyFileOperations;
import io.firn.runtime.checkpoint.FileOperations;
import io.firn.runtime.checkpoint.LocalCheckpointStorage;
import io.firn.runtime.fake.FakeClock;
import io.firn.runtime.fake.FakeDatabase;
import io.firn.runtime.fake.FakeLake;
import io.firn.runtime.fake.Faults;
import io.firn.runtime.fake.SimulatedCrash;
import io.firn.runtime.schedule.SeededScheduler;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The process ends before the N-th file operation of its checkpoint directory, for every N. */
class CrashAtEveryFileOperationTest {
  @TempDir Path directory;

  @Test
  void restartAfterAnyOfThemLosesAndDoublesNothing() {
    boolean completed = false;
    int crashes = 0;
    for (int at = 1; !completed; at++) {
      FakeDatabase database = new FakeDatabase(new Random(2), 3, 8);
      FakeLake lake = new FakeLake();
      Path checkpoints = directory.resolve("run-" + at);
      completed = live(database, lake, checkpoints, new FaultyFileOperations().haltingAt(at));
      if (!completed) {
        crashes++;
        assertThat(live(database, lake, checkpoints, FileOperations.SYSTEM)).isTrue();
      }
      assertThat(lake.visibleOrders()).as("crash at " + at).isEqualTo(database.expectedById());
      assertThat(lake.sortedEvents()).as("crash at " + at).isEqualTo(database.expectedEvents());
      lake.commits.values().forEach(ids -> assertThat(ids).isSorted().doesNotHaveDuplicates());
    }
    assertThat(crashes).as("file operations of a run").isGreaterThan(50);
  }

  /**
   * It may be found because its rename happened, although forcing its directory failed. A crash of
   * the machine would leave tables that are ahead of the checkpoints.
   */
  @Test
  void aManifestThatIsFoundIsMadeDurableBeforeItIsCommitted() throws IOException {
    FakeDatabase database = new FakeDatabase(new Random(2), 3, 8);
    FakeLake lake = new FakeLake();
    Path checkpoints = null;
    for (int at = 1; checkpoints == null || !hasManifest(checkpoints); at++) {
      checkpoints = directory.resolve("run-" + at);
      live(database, lake, checkpoints, new FaultyFileOperations().haltingAt(at));
    }
    assertThat(lake.commits).as("published, not committed").isEmpty();
    FaultyFileOperations operations = null;
    for (int at = 1; lake.commits.isEmpty(); at++) {
      operations = new FaultyFileOperations().haltingAt(at);
      live(database, lake, checkpoints, operations);
    }
    assertThat(operations.log()).endsWith("rename", "fsyncDirectory manifests");
  }

  private static boolean hasManifest(Path checkpoints) throws IOException {
    Path manifests = checkpoints.resolve("manifests");
    if (!Files.isDirectory(manifests)) {
      return false;
    }
    try (Stream<Path> files = Files.list(manifests)) {
      return files.findAny().isPresent();
    }
  }

  private static boolean live(
      FakeDatabase database, FakeLake lake, Path checkpoints, FileOperations operations) {
    FakeClock clock = new FakeClock();
    try {
      SimulatedProcess process =
          new SimulatedProcess(
              database,
              lake,
              new LocalCheckpointStorage(checkpoints, operations),
              Faults.none(),
              clock,
              Transform.IDENTITY,
              new Random(11));
      process.start();
      new SeededScheduler(new Random(4), clock, 300_000)
          .runUntil(process.tasks(), process::finished, 100_000);
      return true;
    } catch (SimulatedCrash crash) {
      return false;
    }
  }
}
