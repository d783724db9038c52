package io.firn.lake.catalog;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

class TableDefaultsTest {
  @Test
  void theDefaultsAreThese() {
    assertThat(TableDefaults.with(Map.of()))
        .containsExactlyInAnyOrderEntriesOf(
            Map.ofEntries(
                Map.entry("format-version", "3"),
                Map.entry("write.parquet.compression-codec", "zstd"),
                Map.entry("write.parquet.compression-level", "1"),
                Map.entry("write.delete.mode", "merge-on-read"),
                Map.entry("write.update.mode", "merge-on-read"),
                Map.entry("write.merge.mode", "merge-on-read"),
                Map.entry("write.metadata.delete-after-commit.enabled", "true"),
                Map.entry("write.metadata.previous-versions-max", "100"),
                Map.entry("commit.retry.num-retries", "4"),
                Map.entry("commit.retry.min-wait-ms", "50"),
                Map.entry("commit.retry.max-wait-ms", "2000")));
  }

  @Test
  void usersWin() {
    assertThat(TableDefaults.with(Map.of("format-version", "2")))
        .containsEntry("format-version", "2");
  }
}
