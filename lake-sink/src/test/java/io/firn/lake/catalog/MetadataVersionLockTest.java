package io.firn.lake.catalog;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MetadataVersionLockTest {
  @TempDir Path directory;

  private String version(int number) {
    return directory.resolve("v" + number + ".metadata.json").toString();
  }

  @Test
  void aSecondCatalogWaitsForTheFirst() throws Exception {
    try (MetadataVersionLock one = new MetadataVersionLock();
        MetadataVersionLock two = new MetadataVersionLock()) {
      assertThat(one.acquire(version(2), "one")).isTrue();
      CompletableFuture<Boolean> waiting =
          CompletableFuture.supplyAsync(() -> two.acquire(version(2), "two"));
      Thread.sleep(150);
      assertThat(waiting).isNotDone();
      assertThat(one.release(version(2), "one")).isTrue();
      assertThat(waiting.get(10, TimeUnit.SECONDS)).isTrue();
      two.release(version(2), "two");
    }
  }

  @Test
  void aVersionThatTheTableHasPassedIsRefused() throws Exception {
    Files.writeString(directory.resolve("version-hint.text"), "7\n");
    try (MetadataVersionLock lock = new MetadataVersionLock()) {
      assertThat(lock.acquire(version(7), "late")).isFalse();
      assertThat(lock.acquire(version(8), "next")).isTrue();
      lock.release(version(8), "next");
      assertThat(lock.acquire("file:" + version(9), "with scheme")).isTrue();
      lock.release("file:" + version(9), "with scheme");
    }
  }
}
