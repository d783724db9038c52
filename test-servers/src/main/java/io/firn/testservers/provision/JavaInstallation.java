package io.firn.testservers.provision;

import io.firn.testservers.ServerException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A newer Java than the one that runs the tests, for servers that need it: the machine's own if it
 * has one, otherwise a headless runtime out of Debian's archive in the cache.
 */
public final class JavaInstallation {
  private static final String SUITE = "sid";
  private static final List<String> SKIPPED = List.of("perl", "libperl", "dpkg", "debconf");
  private static final Pattern VERSION = Pattern.compile("(?m)^JAVA_VERSION=\"(\\d+)");

  private JavaInstallation() {}

  /**
   * The beginning of a command that runs Java.
   *
   * @param major the oldest version that will do
   * @throws ServerException if there is none and none can be had
   */
  public static List<String> command(int major) {
    String configured = System.getenv("FIRN_JAVA_" + major);
    if (configured != null && !configured.isBlank()) {
      return List.of(configured);
    }
    Optional<Path> own = candidates().stream().filter(home -> version(home) >= major).findFirst();
    if (own.isPresent()) {
      return List.of(own.get().resolve("bin/java").toString());
    }
    try {
      Path prefix = ServerCache.ofUser().directory("java-" + major, at -> install(major, at));
      Path home = home(prefix);
      return List.of(
          home.resolve("bin/" + LOADER).toString(),
          "--library-path",
          LibraryDirectory.in(prefix) + ":" + home.resolve("lib"),
          home.resolve("bin/java").toString());
    } catch (IOException | ServerException e) {
      throw new ServerException(
          "Java "
              + major
              + " is needed and cannot be provisioned ("
              + e.getMessage()
              + "); install one, or set FIRN_JAVA_"
              + major
              + " to its executable.",
          e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ServerException("Interrupted while provisioning Java", e);
    }
  }

  private static List<Path> candidates() {
    List<Path> homes = new ArrayList<>();
    homes.add(Path.of(System.getProperty("java.home")));
    String variable = System.getenv("JAVA_HOME");
    if (variable != null && !variable.isBlank()) {
      homes.add(Path.of(variable));
    }
    Path installed = Path.of("/usr/lib/jvm");
    if (Files.isDirectory(installed)) {
      try (Stream<Path> entries = Files.list(installed)) {
        entries.sorted(Comparator.reverseOrder()).forEach(homes::add);
      } catch (IOException e) {
        throw new ServerException("Cannot look into '" + installed + "'", e);
      }
    }
    return homes;
  }

  private static int version(Path home) {
    try {
      Matcher matcher = VERSION.matcher(Files.readString(home.resolve("release")));
      return matcher.find() && Files.isExecutable(home.resolve("bin/java"))
          ? Integer.parseInt(matcher.group(1))
          : 0;
    } catch (IOException e) {
      // Not a Java.
      return 0;
    }
  }

  private static final String LOADER = "java-loader";

  private static void install(int major, Path prefix) throws IOException, InterruptedException {
    Path work = Files.createTempDirectory("firn-apt");
    try {
      Progress.say("downloading Java " + major + " through apt (about 70 MB, once) ...");
      List<Path> archives =
          new DebianPackages(work).download(SUITE, List.of("openjdk-" + major + "-jre-headless"));
      DebianPackages.unpack(archives, SKIPPED, prefix);
    } finally {
      Trees.delete(work);
    }
    relinkInside(prefix);
    // Java finds its home by the path of the running executable, which is the loader's: so the
    // loader must be where java is.
    Files.copy(LibraryDirectory.loader(prefix), home(prefix).resolve("bin/" + LOADER));
  }

  /** Debian keeps Java's configuration in /etc: that of the prefix is meant. */
  private static void relinkInside(Path prefix) throws IOException {
    try (Stream<Path> files = Files.walk(home(prefix))) {
      for (Path link : files.filter(Files::isSymbolicLink).toList()) {
        Path target = Files.readSymbolicLink(link);
        if (target.isAbsolute()) {
          Path inside = prefix.resolve(target.toString().substring(1));
          Files.delete(link);
          Files.createSymbolicLink(link, link.getParent().relativize(inside));
        }
      }
    }
  }

  private static Path home(Path prefix) throws IOException {
    try (Stream<Path> homes = Files.list(prefix.resolve("usr/lib/jvm"))) {
      return homes
          .filter(home -> Files.isDirectory(home, LinkOption.NOFOLLOW_LINKS))
          .filter(home -> Files.isRegularFile(home.resolve("bin/java")))
          .findFirst()
          .orElseThrow(() -> new ServerException("No Java in '" + prefix + "'"));
    }
  }
}
