package io.firn.runtime.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.firn.model.checkpoint.CheckpointStorage;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What every {@link CheckpointStorage} must do. Extend it, and return a new, empty storage. */
public abstract class CheckpointStorageContractTest {
  @TempDir protected Path local;
  protected CheckpointStorage storage;

  /** A storage that contains nothing. */
  protected abstract CheckpointStorage emptyStorage() throws Exception;

  @BeforeEach
  void openStorage() throws Exception {
    storage = emptyStorage();
  }

  @AfterEach
  void closeStorage() throws Exception {
    storage.close();
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private byte[] read(String name) throws IOException {
    try (InputStream in = storage.open(name)) {
      return in.readAllBytes();
    }
  }

  @Test
  void publishedObjectIsReadBack() throws IOException {
    storage.publish("manifests/1-2", bytes("content"));

    assertThat(read("manifests/1-2")).isEqualTo(bytes("content"));
  }

  @Test
  void emptyAndLargeObjectsAreReadBack() throws IOException {
    byte[] large = new byte[3 << 20];
    new Random(1).nextBytes(large);
    storage.publish("a/empty", new byte[0]);
    storage.publish("a/large", large);

    assertThat(read("a/empty")).isEmpty();
    assertThat(read("a/large")).isEqualTo(large);
  }

  @Test
  void publishReplaces() throws IOException {
    storage.publish("a/b", bytes("a long first content"));
    storage.publish("a/b", bytes("second"));

    assertThat(read("a/b")).isEqualTo(bytes("second"));
    assertThat(storage.list("")).containsExactly("a/b");
  }

  @Test
  void publishIfAbsentKeepsWhatIsThere() throws IOException {
    assertThat(storage.publishIfAbsent("epochs/epoch-1", bytes("first"))).isTrue();
    assertThat(storage.publishIfAbsent("epochs/epoch-1", bytes("second"))).isFalse();

    assertThat(read("epochs/epoch-1")).isEqualTo(bytes("first"));
  }

  @Test
  void oneOfManyConcurrentClaimsWins() throws Exception {
    int claimants = 8;
    ExecutorService threads = Executors.newFixedThreadPool(claimants);
    try {
      for (int round = 0; round < 5; round++) {
        String name = "epochs/epoch-" + round;
        CyclicBarrier together = new CyclicBarrier(claimants);
        List<Callable<Boolean>> claims = new ArrayList<>();
        for (int i = 0; i < claimants; i++) {
          byte[] content = bytes("claimant " + i);
          claims.add(
              () -> {
                together.await();
                return storage.publishIfAbsent(name, content);
              });
        }
        int won = 0;
        for (Future<Boolean> claim : threads.invokeAll(claims)) {
          won += claim.get() ? 1 : 0;
        }
        assertThat(won).isEqualTo(1);
      }
    } finally {
      threads.shutdownNow();
    }
  }

  @Test
  void openOfMissingObjectSaysSo() {
    assertThatThrownBy(() -> read("manifests/none")).isInstanceOf(NoSuchFileException.class);
  }

  @Test
  void fetchOfMissingObjectSaysSoAndLeavesNothing() {
    Path target = local.resolve("fetched.sst");
    assertThatThrownBy(() -> storage.fetch("state/none.sst", target))
        .isInstanceOf(NoSuchFileException.class);
    assertThat(target).doesNotExist();
  }

  @Test
  void storedFileIsFetchedAgain() throws IOException {
    byte[] content = new byte[100_000];
    new Random(2).nextBytes(content);
    Path file = Files.write(local.resolve("000007.sst"), content);
    storage.store(file, "state/1/0/000007.sst");
    Files.delete(file);

    Path fetched = local.resolve("fetched");
    storage.fetch("state/1/0/000007.sst", fetched);

    assertThat(Files.readAllBytes(fetched)).isEqualTo(content);
    assertThat(read("state/1/0/000007.sst")).isEqualTo(content);
  }

  @Test
  void changingAFetchedFileDoesNotChangeTheObject() throws IOException {
    Path file = Files.write(local.resolve("MANIFEST-1"), bytes("content"));
    storage.store(file, "state/1/0/1-MANIFEST-1");
    Path fetched = local.resolve("fetched");
    storage.fetch("state/1/0/1-MANIFEST-1", fetched);

    Files.write(fetched, bytes("changed"));

    assertThat(read("state/1/0/1-MANIFEST-1")).isEqualTo(bytes("content"));
  }

  @Test
  void storeReplaces() throws IOException {
    storage.store(Files.write(local.resolve("one"), bytes("one")), "state/x");
    storage.store(Files.write(local.resolve("two"), bytes("two")), "state/x");

    assertThat(read("state/x")).isEqualTo(bytes("two"));
  }

  @Test
  void listFindsByPrefix() throws IOException {
    storage.publish("manifests/1-1", bytes("m"));
    storage.publish("manifests/1-2", bytes("m"));
    storage.publish("epochs/epoch-1", bytes("e"));
    storage.publish("epochs/epoch-12", bytes("e"));
    storage.store(Files.write(local.resolve("f"), bytes("f")), "state/1/0/f");

    assertThat(storage.list("manifests/"))
        .containsExactlyInAnyOrder("manifests/1-1", "manifests/1-2");
    assertThat(storage.list("epochs/epoch-1"))
        .containsExactlyInAnyOrder("epochs/epoch-1", "epochs/epoch-12");
    assertThat(storage.list("state/")).containsExactly("state/1/0/f");
    assertThat(storage.list("none/")).isEmpty();
    assertThat(storage.list("")).hasSize(5);
  }

  @Test
  void emptyStorageListsNothing() throws IOException {
    assertThat(storage.list("")).isEmpty();
    assertThat(storage.list("manifests/")).isEmpty();
  }

  @Test
  void deleteRemovesAndForgivesMissingObjects() throws IOException {
    storage.publish("a/b", bytes("x"));
    storage.delete("a/b");
    storage.delete("a/b");
    storage.delete("never/there");

    assertThat(storage.list("")).isEmpty();
    assertThatThrownBy(() -> read("a/b")).isInstanceOf(NoSuchFileException.class);
    assertThat(storage.publishIfAbsent("a/b", bytes("y"))).isTrue();
  }
}
