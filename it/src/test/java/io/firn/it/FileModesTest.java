package io.firn.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.firn.it.process.FirnProcess;
import io.firn.it.process.Pipeline;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What Firn keeps beside the tables is for its owner only: it holds values of the source. */
class FileModesTest {
  @Test
  void checkpointsStateAndLogAreForTheOwnerOnly() throws Exception {
    Source.Shop shop = Source.shop("modes", 500);
    Pipeline pipeline = shop.pipeline().setting("parallelism", "2");
    try (FirnProcess process = Firn.start(pipeline)) {
      Firn.awaitCheckpoints(process, pipeline, 1);
      for (String name : List.of("checkpoints", "state", "firn-data")) {
        Path directory = pipeline.directory().resolve(name);
        assertThat(directory).isNotEmptyDirectory();
        check(directory, name.equals("state"));
      }
      Firn.stop(process);
    }
  }

  /** RocksDB makes its working files as it likes, below directories that nobody else can enter. */
  private static void check(Path path, boolean directoriesOnly) throws IOException {
    if (!Files.isDirectory(path)) {
      if (!directoriesOnly) {
        assertThat(mode(path)).as(path.toString()).isIn("rw-------", "gone");
      }
      return;
    }
    assertThat(mode(path)).as(path.toString()).isIn("rwx------", "gone");
    if (directoriesOnly) {
      return;
    }
    try (var entries = Files.list(path)) {
      for (Path entry : entries.toList()) {
        check(entry, false);
      }
    } catch (NoSuchFileException | UncheckedIOException e) {
      // Removed while it was looked at.
      return;
    }
  }

  private static String mode(Path path) throws IOException {
    try {
      return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
    } catch (NoSuchFileException e) {
      return "gone";
    }
  }
}
