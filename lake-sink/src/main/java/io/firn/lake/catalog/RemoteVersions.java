package io.firn.lake.catalog;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/** Which version tables of a Hadoop catalog have reached, as their pointer files say. */
final class RemoteVersions {
  private static final int MAX_LENGTH = 32;

  private RemoteVersions() {}

  /**
   * The version that a table has reached at least; 0 if that is not known.
   *
   * @param metadataFile any metadata file of the table
   * @throws UncheckedIOException if the file system does not answer
   */
  static long hinted(String metadataFile) {
    Path hint = new Path(new Path(metadataFile).getParent(), "version-hint.text");
    try {
      // Hadoop gives the instance that the catalog opened with its own configuration.
      FileSystem files = hint.getFileSystem(new Configuration());
      try (InputStream in = files.open(hint)) {
        String text = new String(in.readNBytes(MAX_LENGTH), StandardCharsets.UTF_8).strip();
        return Long.parseLong(text);
      }
    } catch (FileNotFoundException | NumberFormatException e) {
      // A new table, or just being rewritten.
      return 0;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
