package io.firn.it.process;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * Classes as one process had loaded and verified them (class data sharing), for processes that are
 * started by the hundred: loading them anew is most of what a short run does.
 *
 * @param file the archive; processes start without it, slower, as long as it does not exist
 */
public record ClassArchive(Path file) {

  /** JVM options of a process that writes the archive when it exits in good order. */
  List<String> writing() {
    return List.of("-XX:ArchiveClassesAtExit=" + file, "-Xlog:cds=off", "-Xlog:cds+dynamic=off");
  }

  /** JVM options of a process that uses it. */
  List<String> reading() {
    return Files.exists(file)
        ? List.of("-XX:SharedArchiveFile=" + file, "-Xshare:auto", "-Xlog:cds=off")
        : List.of();
  }
}
