package io.firn.it.process;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.stream.Stream;

/**
 * This JVM's class path with copies of the project's own jars: a build that installs a new one
 * while tests run would otherwise pull the classes from under the processes they start. Directories
 * become jars, so that {@link ClassArchive} can be used.
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
        if (Files.isDirectory(path)) {
          entries.add(jar(path, copies.resolve("directory-" + entries.size() + ".jar")).toString());
        } else if (entry.contains(File.separator + "firn-") && Files.isRegularFile(path)) {
          entries.add(Files.copy(path, copies.resolve(path.getFileName().toString())).toString());
        } else {
          entries.add(entry);
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return String.join(File.pathSeparator, entries);
  }

  private static Path jar(Path directory, Path target) throws IOException {
    try (JarOutputStream jar = new JarOutputStream(Files.newOutputStream(target));
        Stream<Path> files = Files.walk(directory)) {
      for (Path file : files.filter(Files::isRegularFile).sorted().toList()) {
        String name = directory.relativize(file).toString().replace(File.separatorChar, '/');
        jar.putNextEntry(new JarEntry(name));
        Files.copy(file, jar);
        jar.closeEntry();
      }
    }
    return target;
  }
}
