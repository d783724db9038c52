package io.firn.it.process;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Iceberg's access to files on a disk that is full as long as a certain file exists: a few bytes of
 * each new file find a place, and no more.
 */
public final class FullDiskFileIO extends WatchedFileIO {
  /** System property with the file whose existence means that the disk is full. */
  public static final String MARK = "firn.it.full";

  private static final long serialVersionUID = 1L;
  private static final int LAST_BYTES = 100;

  @Override
  void writing(long end) throws IOException {
    if (isFull() && end > LAST_BYTES) {
      // The file says that this happened.
      Files.writeString(Path.of(System.getProperty(MARK)), "reached");
      throw new IOException("No space left on device");
    }
  }

  private static boolean isFull() {
    String mark = System.getProperty(MARK);
    return mark != null && Files.exists(Path.of(mark));
  }
}
