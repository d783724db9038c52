package io.firn.app.log;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

class LogFileTest {
  @TempDir Path directory;

  @AfterEach
  void stopLogging() {
    LogFile.silence();
  }

  @Test
  void percentSignsInItsPathMeanNothing() throws IOException {
    for (String name : new String[] {"my%20shop", "100%", "shop%d", "a%%i", "%nopex"}) {
      Path file = directory.resolve("at 50%").resolve(name).resolve("firn.log");
      LogFile.start(file, false, new Secrets());
      LoggerFactory.getLogger("io.firn.test").info("hello");
      assertThat(file).content().contains("hello");
    }
  }

  @Test
  void fourOldFilesAreKeptAndOnlyTheOwnerReadsThem() throws IOException {
    Path file = directory.resolve("of %i.log");
    NumberedLogFiles.createForOwner(file);
    NumberedLogFiles files = new NumberedLogFiles(file, 4);
    for (int number = 1; number <= 6; number++) {
      Files.writeString(file, "number " + number);
      files.rollover();
    }
    assertThat(file).isEmptyFile();
    assertThat(directory.resolve("of %i.log.1")).hasContent("number 6");
    assertThat(directory.resolve("of %i.log.4")).hasContent("number 3");
    assertThat(directory.resolve("of %i.log.5")).doesNotExist();
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rw-------");
    assertThat(
            PosixFilePermissions.toString(
                Files.getPosixFilePermissions(directory.resolve("of %i.log.1"))))
        .isEqualTo("rw-------");
  }
}
