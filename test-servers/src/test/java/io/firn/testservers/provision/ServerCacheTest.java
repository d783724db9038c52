package io.firn.testservers.provision;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ServerCacheTest {
  @TempDir private Path root;

  @Test
  void aDirectoryIsMadeOnceWhoeverAsks() throws Exception {
    AtomicInteger made = new AtomicInteger();
    ExecutorService threads = Executors.newFixedThreadPool(4);
    try {
      Callable<Path> ask =
          () ->
              new ServerCache(root)
                  .directory(
                      "thing",
                      directory -> {
                        made.incrementAndGet();
                        Thread.sleep(50);
                        Files.writeString(directory.resolve("content"), "x");
                      });
      for (var future : threads.invokeAll(Stream.generate(() -> ask).limit(8).toList())) {
        assertThat(future.get().resolve("content")).hasContent("x");
      }
      assertThat(made).hasValue(1);
    } finally {
      threads.shutdownNow();
    }
  }

  @Test
  void whatWasLeftHalfMadeIsMadeAgain() throws Exception {
    ServerCache cache = new ServerCache(root);
    assertThatThrownBy(
            () ->
                cache.directory(
                    "thing",
                    directory -> {
                      Files.writeString(directory.resolve("half"), "x");
                      throw new IOException("no space");
                    }))
        .hasMessage("no space");
    Path made = cache.directory("thing", d -> Files.writeString(d.resolve("whole"), "x"));
    assertThat(made.resolve("whole")).exists();
    assertThat(made.resolve("half")).doesNotExist();
  }
}
