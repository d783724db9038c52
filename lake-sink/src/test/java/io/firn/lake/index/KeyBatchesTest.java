package io.firn.lake.index;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class KeyBatchesTest {
  @Test
  @Timeout(30)
  void threadsThatReadFilesEndWithTheirFailureOrWhenNobodyWantsMore() throws Exception {
    List<KeyBatches.Source> failing =
        List.of(
            () -> {
              throw new IllegalStateException("no such file");
            });
    try (KeyBatches batches = new KeyBatches("test", failing, 2)) {
      assertThatThrownBy(batches::next).hasMessage("no such file");
    }
    try (KeyBatches batches = new KeyBatches("test", List.of(), 2)) {
      assertThat(batches.next()).isNull();
    }
    List<KeyBatches.Source> slow = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      slow.add(
          () -> {
            try {
              Thread.sleep(Duration.ofSeconds(20).toMillis());
            } catch (InterruptedException e) {
              Thread.currentThread().interrupt();
            }
            throw new IllegalStateException("interrupted");
          });
    }
    KeyBatches batches = new KeyBatches("test", slow, 2);
    long start = System.nanoTime();
    batches.close();
    assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(10));
  }

  @Test
  @Timeout(30)
  void waitingForABatchEndsWhenTheThreadIsInterrupted() {
    List<KeyBatches.Source> slow =
        List.of(
            () -> {
              try {
                Thread.sleep(20_000);
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              }
              throw new IllegalStateException("interrupted");
            });
    try (KeyBatches batches = new KeyBatches("test", slow, 1)) {
      Thread.currentThread().interrupt();
      assertThatThrownBy(batches::next).isInstanceOf(InterruptedException.class);
    }
  }

  @Test
  void withoutThreadsFilesAreReadInTheCallersOwn() throws InterruptedException {
    List<Thread> readers = new ArrayList<>();
    List<KeyBatches.Source> failing =
        List.of(
            () -> {
              readers.add(Thread.currentThread());
              throw new IllegalStateException("no such file");
            });
    try (KeyBatches batches = new KeyBatches("test", failing, 0)) {
      assertThat(readers).isEmpty();
      assertThatThrownBy(batches::next).hasMessage("no such file");
    }
    assertThat(readers).containsExactly(Thread.currentThread());
    try (KeyBatches batches = new KeyBatches("test", List.of(), 0)) {
      assertThat(batches.next()).isNull();
    }
  }
}
