package io.firn.lake.compact;

import static org.assertj.core.api.Assertions.assertThat;

import io.firn.lake.LakeSinkOptions;
import io.firn.lake.PartitionRule;
import io.firn.lake.kit.CatalogKind;
import io.firn.lake.kit.RestServer;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Compaction beside ingestion, restarts of all kinds included. */
class CompactionTest {
  /** How many seeds are played per case. */
  private static final int SEEDS = Integer.getInteger("firn.compaction.seeds", 1);

  private static final int STEPS = Integer.getInteger("firn.compaction.steps", 80);

  private static final CompactionSettings EAGER =
      new CompactionSettings(true, 4_000, 2, 0.3, 2, 1, 2, 3);

  @TempDir Path directory;

  @ParameterizedTest
  @CsvSource({"3, false", "3, true", "2, true"})
  void noRowIsLostOrComesBackWhateverInterleaves(int formatVersion, boolean partitioned) {
    long first = Long.getLong("firn.compaction.seed", 1);
    long compactions = 0;
    for (long seed = first; seed < first + SEEDS; seed++) {
      LakeSinkOptions options =
          CatalogKind.HADOOP
              .options(directory.resolve("s" + seed), null)
              .withTableProperties(Map.of("format-version", Integer.toString(formatVersion)))
              .withCompaction(EAGER);
      if (partitioned) {
        options =
            options.withPartitionRules(List.of(new PartitionRule(t -> true, List.of("note"))));
      }
      try {
        compactions += new CompactionRun(options, formatVersion >= 3, seed).play(STEPS);
      } catch (Throwable e) {
        throw new AssertionError("seed=" + seed, e);
      }
    }
    assertThat(compactions).isGreaterThanOrEqualTo(SEEDS);
  }

  @Test
  void theSameHoldsInARestCatalog() {
    try (RestServer rest = new RestServer(CatalogKind.sqlite(directory))) {
      LakeSinkOptions options = CatalogKind.REST.options(directory, rest).withCompaction(EAGER);
      assertThat(new CompactionRun(options, true, 5).play(STEPS)).isPositive();
    }
  }
}
