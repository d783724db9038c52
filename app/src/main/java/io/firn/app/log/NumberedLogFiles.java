package io.firn.app.log;

import ch.qos.logback.core.rolling.RollingPolicyBase;
import ch.qos.logback.core.rolling.RolloverFailure;
import io.firn.runtime.checkpoint.FileOperations;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/**
 * Keeps a few old log files beside the one that is written, numbered from 1, the newest.
 *
 * <p>Logback's own policies take a pattern, in which a path with a percent sign cannot be written;
 * and they leave it to the appender to make the next file, readable by everybody.
 */
final class NumberedLogFiles extends RollingPolicyBase {
  private final Path file;
  private final int kept;

  /**
   * @param file the file that is written
   * @param kept how many old ones stay
   */
  NumberedLogFiles(Path file, int kept) {
    this.file = file;
    this.kept = kept;
  }

  @Override
  public void rollover() {
    try {
      for (int number = kept; number >= 1; number--) {
        Path newer = number == 1 ? file : old(number - 1);
        if (Files.exists(newer)) {
          Files.move(newer, old(number), StandardCopyOption.REPLACE_EXISTING);
        }
      }
      createForOwner(file);
    } catch (IOException e) {
      throw new RolloverFailure("Cannot begin the next log file after '" + file + "'", e);
    }
  }

  private Path old(int number) {
    return file.resolveSibling(file.getFileName() + "." + number);
  }

  @Override
  public String getActiveFileName() {
    return file.toString();
  }

  /** Makes an empty file that only its owner may read, unless there is one. */
  static void createForOwner(Path file) throws IOException {
    if (!Files.exists(file)) {
      FileOperations.SYSTEM.create(file).close();
    }
  }
}
