package io.firn.runtime.state;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.CRC32C;

/** Length and CRC32C of files. */
public final class Checksums {
  private static final int BUFFER_BYTES = 1 << 16;

  private Checksums() {}

  /**
   * What a file contains, in short.
   *
   * @param sizeBytes bytes read to the end
   * @param crc32c of these bytes
   */
  public record Sum(long sizeBytes, int crc32c) {}

  /** Reads a file to its end. */
  public static Sum of(Path file) throws IOException {
    CRC32C crc = new CRC32C();
    long size = 0;
    byte[] buffer = new byte[BUFFER_BYTES];
    try (InputStream in = Files.newInputStream(file)) {
      for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
        crc.update(buffer, 0, read);
        size += read;
      }
    }
    return new Sum(size, (int) crc.getValue());
  }

  /** CRC32C of a part of an array. */
  public static int crc32c(byte[] bytes, int offset, int length) {
    CRC32C crc = new CRC32C();
    crc.update(bytes, offset, length);
    return (int) crc.getValue();
  }
}
