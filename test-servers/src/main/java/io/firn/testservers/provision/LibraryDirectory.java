package io.firn.testservers.provision;

import io.firn.testservers.ServerException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/** The C library of an unpacked prefix: programs in it need theirs, not the machine's. */
final class LibraryDirectory {
  private LibraryDirectory() {}

  /** The prefix's dynamic loader, in the directory of the prefix's libraries. */
  static Path loader(Path prefix) {
    try (Stream<Path> files =
        Files.find(prefix.resolve("usr/lib"), 2, (file, attributes) -> true)) {
      return files
          .filter(file -> file.getFileName().toString().startsWith("ld-linux"))
          .filter(file -> !file.getParent().equals(prefix.resolve("usr/lib")))
          .findFirst()
          .orElseThrow(() -> new ServerException("No dynamic loader in '" + prefix + "'"));
    } catch (IOException e) {
      throw new ServerException("Cannot look into '" + prefix + "'", e);
    }
  }

  /** The directory of the prefix's libraries. */
  static Path in(Path prefix) {
    return loader(prefix).getParent();
  }
}
