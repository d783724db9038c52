package io.firn.lake.checkpoint;

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
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What every checkpoint storage must do. */
abstract class CheckpointStorageContract {
  @TempDir Path local;
  private CheckpointStorage storage;

  abstract CheckpointStorage open() throws IOException;

  @BeforeEach
  void openStorage() throws IOException {
    storage = open();
  }

  @AfterEach
  void closeStorage() throws IOException {
    storage.close();
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private String read(String name) throws IOException {
    try (InputStream in = storage.open(name)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  @Test
  void publishedObjectsReplaceOlderOnes() throws IOException {
    storage.publish("a/b/m1", bytes("one"));
    storage.publish("a/b/m1", bytes("two"));
    assertThat(read("a/b/m1")).isEqualTo("two");
    storage.publish("empty", new byte[0]);
    assertThat(read("empty")).isEmpty();
  }

  @Test
  void onlyTheFirstPublishIfAbsentSucceeds() throws IOException {
    assertThat(storage.publishIfAbsent("e/1", bytes("mine"))).isTrue();
    assertThat(storage.publishIfAbsent("e/1", bytes("mine")))
        .as("even with the same content")
        .isFalse();
    assertThat(read("e/1")).isEqualTo("mine");
  }

  @Test
  void oneOfManyRacersWins() throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(4);
    for (int round = 0; round < 5; round++) {
      String name = "race/" + round;
      List<Callable<Boolean>> racers = new ArrayList<>();
      for (int i = 0; i < 4; i++) {
        byte[] content = bytes("racer " + i);
        racers.add(() -> racePublish(name, content));
      }
      int winners = 0;
      for (Future<Boolean> racer : threads.invokeAll(racers)) {
        winners += racer.get() ? 1 : 0;
      }
      assertThat(winners).isEqualTo(1);
    }
    threads.shutdownNow();
  }

  boolean racePublish(String name, byte[] content) throws IOException {
    return storage.publishIfAbsent(name, content);
  }

  @Test
  void filesAreStoredAndFetched() throws IOException {
    byte[] content = new byte[300_000];
    new java.util.Random(3).nextBytes(content);
    Path source = Files.write(local.resolve("source"), content);
    storage.store(source, "state/000001.sst");
    Path target = local.resolve("target");
    storage.fetch("state/000001.sst", target);
    assertThat(Files.readAllBytes(target)).isEqualTo(content);
  }

  @Test
  void missingObjectsAreSaidToBeMissing() throws IOException {
    assertThatThrownBy(() -> storage.open("nope")).isInstanceOf(NoSuchFileException.class);
    assertThatThrownBy(() -> storage.fetch("x/nope", local.resolve("y")))
        .isInstanceOf(NoSuchFileException.class);
    storage.delete("nope");
    storage.delete("x/nope");
  }

  @Test
  void listsGiveNamesByPrefixAcrossDirectories() throws IOException {
    storage.publish("manifests/10", bytes("x"));
    storage.publish("manifests/11", bytes("x"));
    storage.publish("manifests-old/10", bytes("x"));
    storage.publish("state/a/b/c", bytes("x"));
    assertThat(storage.list("manifests/"))
        .containsExactlyInAnyOrder("manifests/10", "manifests/11");
    assertThat(storage.list("manifests/1")).hasSize(2);
    assertThat(storage.list("manifests")).hasSize(3);
    assertThat(storage.list("state/")).containsExactly("state/a/b/c");
    assertThat(storage.list("")).hasSize(4);
    assertThat(storage.list("nothing/here/")).isEmpty();
    storage.delete("manifests/10");
    assertThat(storage.list("manifests/")).containsExactly("manifests/11");
  }
}
