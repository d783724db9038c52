package io.firn.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import io.firn.simulation.fault.Fault;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/** Runs that once broke a promise. */
class ReplayTest {
  private static final Path REPLAYS = Path.of("src/test/resources/replays");

  @TempDir Path directory;

  @TestFactory
  Stream<DynamicTest> pinnedRunsKeepAllPromises() throws IOException {
    try (Stream<Path> files = Files.list(REPLAYS)) {
      return files.sorted().toList().stream()
          .map(file -> DynamicTest.dynamicTest(file.getFileName().toString(), () -> replay(file)));
    }
  }

  private static void replay(Path file) throws IOException {
    Replay replay = Replay.read(file);
    RunResult result = Simulation.run(replay.scenario());
    result
        .failure()
        .ifPresent(
            failure -> {
              throw new AssertionError(String.join("\n", result.traceTail()), failure);
            });
    assertThat(result.counts().asMap().keySet())
        .as("what made it fail; find a new seed if the generator has changed")
        .containsAll(replay.reaches());
  }

  @Test
  void isReadAsItWasWritten() throws IOException {
    Replay replay =
        new Replay(
            new Scenario(7, 12, 3, EnumSet.of(Fault.ZOMBIE)),
            EnumSet.of(Fault.CRASH_AFTER, Fault.EXPIRY));
    Path file = directory.resolve("replay.txt");
    Files.writeString(file, "# a bug: it was one\n" + replay.text());
    assertThat(Replay.read(file)).isEqualTo(replay);
  }
}
