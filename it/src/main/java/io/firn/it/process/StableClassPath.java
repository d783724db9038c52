package io.firn.it.process;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * This JVM's class path with copies of the project's own jars: a build that installs a new one
 * while tests run would otherwise pull the classes from under the processes they start.
 */
final class StableClassPath {
  private StableClassPath() {}

  private static final class Copied {
    static final String VALUE = copy();
  }

  static String get() {
    return Copied.VALUE;
  }

  private static String copy() {
    // Surefire's own class path may be a single jar that refers to the real one.
    String original =
        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
    List<String> entries = new ArrayList<>();
    try {
      Path copies = Files.createTempDirectory("firn-class-path");
      for (String entry : original.split(File.pathSeparator)) {
        Path path = Path.of(entry);
        boolean ours = entry.contains(File.separator + "firn-") && Files.isRegularFile(path);
        entries.add(
            ours
                ? Files.copy(path, copies.resolve(path.getFileName().toString())).toString()
                : entry);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return String.join(File.pathSeparator, entries);
  }
}
