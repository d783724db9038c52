package io.firn.dsl;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** Where {@code ${env:NAME}} and {@code ${file:path}} get their values from. */
public interface Environment {
  /** Nothing that belongs into a setting is larger. */
  int MAX_FILE_BYTES = 65_536;

  /** The value of an environment variable, empty if it is not set. */
  Optional<String> variable(String name);

  /**
   * The content of a file as UTF-8.
   *
   * @throws IOException if it cannot be read, is larger than {@link #MAX_FILE_BYTES} or not UTF-8
   */
  String file(Path path) throws IOException;

  /** The variables and files of this process. */
  static Environment ofProcess() {
    return new Environment() {
      @Override
      public Optional<String> variable(String name) {
        return Optional.ofNullable(System.getenv(name));
      }

      @Override
      public String file(Path path) throws IOException {
        try (var in = Files.newInputStream(path)) {
          byte[] bytes = in.readNBytes(MAX_FILE_BYTES + 1);
          if (bytes.length > MAX_FILE_BYTES) {
            throw new IOException("it is larger than " + MAX_FILE_BYTES + " bytes");
          }
          return StandardCharsets.UTF_8
              .newDecoder()
              .decode(java.nio.ByteBuffer.wrap(bytes))
              .toString();
        }
      }
    };
  }
}
