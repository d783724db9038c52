package io.firn.testservers.provision;

import io.firn.testservers.ServerException;
import io.firn.testservers.process.Commands;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Debian archives as this machine's apt knows them, with another suite in the place of theirs.
 *
 * <p>Mirrors, proxies, keyrings and credentials stay those of the machine: nothing about where an
 * archive is stands in this project.
 */
final class AptSources {
  private static final Set<String> SUITE_ALIASES =
      Set.of("oldstable", "stable", "testing", "unstable", "sid");
  private static final Pattern ONE_LINE =
      Pattern.compile("deb\\s+(\\[[^\\]]*\\]\\s+)?(\\S+)\\s+(\\S+)\\s+(.+)");

  private AptSources() {}

  /**
   * A sources file's content, and the name it needs to have for apt to read it.
   *
   * @param extension {@code list} or {@code sources}
   * @param content one entry
   */
  record Source(String extension, String content) {}

  /**
   * Every archive of this machine's own distribution, asked for {@code suite}.
   *
   * @throws ServerException if apt is not there or has no such archive
   */
  static List<Source> withSuite(String suite) throws IOException, InterruptedException {
    Set<String> ownSuites = new LinkedHashSet<>(SUITE_ALIASES);
    ownSuites.add(codename());
    Map<String, Source> found = new LinkedHashMap<>();
    List<Path> files = files();
    for (Path file : files) {
      String text = Files.readString(file);
      List<Source> sources =
          file.toString().endsWith(".list")
              ? fromList(text, ownSuites, suite)
              : fromSources(text, ownSuites, suite);
      sources.forEach(source -> found.put(source.content(), source));
    }
    if (found.isEmpty()) {
      throw new ServerException(
          "Cannot download servers: apt's configuration names no Debian archive with one of the"
              + " suites "
              + ownSuites
              + " in "
              + files
              + "; install Docker, or run on Debian.");
    }
    return List.copyOf(found.values());
  }

  private static List<Path> files() throws IOException, InterruptedException {
    String shell =
        Commands.run(
            List.of(
                "apt-config",
                "shell",
                "LIST",
                "Dir::Etc::sourcelist/f",
                "PARTS",
                "Dir::Etc::sourceparts/d"),
            null,
            30);
    List<Path> files = new ArrayList<>();
    for (String line : shell.split("\n")) {
      int quote = line.indexOf('\'');
      if (quote < 0 || !line.endsWith("'")) {
        continue;
      }
      Path path = Path.of(line.substring(quote + 1, line.length() - 1));
      if (Files.isDirectory(path)) {
        try (Stream<Path> entries = Files.list(path)) {
          entries
              .filter(entry -> entry.toString().matches(".*\\.(list|sources)"))
              .sorted()
              .forEach(files::add);
        }
      } else if (Files.isRegularFile(path)) {
        files.add(path);
      }
    }
    return files;
  }

  private static String codename() throws IOException {
    Path release = Path.of("/etc/os-release");
    if (Files.exists(release)) {
      for (String line : Files.readAllLines(release)) {
        if (line.startsWith("VERSION_CODENAME=")) {
          return line.substring("VERSION_CODENAME=".length()).replace("\"", "").trim();
        }
      }
    }
    return "sid";
  }

  /** Entries of the one-line form. */
  static List<Source> fromList(String text, Set<String> ownSuites, String suite) {
    List<Source> sources = new ArrayList<>();
    for (String line : text.split("\n")) {
      Matcher matcher = ONE_LINE.matcher(line.replaceFirst("#.*", "").trim());
      if (matcher.matches() && ownSuites.contains(matcher.group(3))) {
        String options = matcher.group(1) == null ? "" : matcher.group(1);
        sources.add(
            new Source("list", "deb " + options + matcher.group(2) + " " + suite + " main" + "\n"));
      }
    }
    return sources;
  }

  /** Stanzas of the deb822 form. */
  static List<Source> fromSources(String text, Set<String> ownSuites, String suite) {
    List<Source> sources = new ArrayList<>();
    for (String stanza : text.replaceAll("(?m)^#.*\n?", "").split("\n\\s*\n")) {
      Map<String, String> fields = fields(stanza);
      boolean enabled = !fields.getOrDefault("enabled", "yes").trim().equalsIgnoreCase("no");
      boolean binary = words(fields.get("types")).contains("deb");
      boolean own = words(fields.get("suites")).stream().anyMatch(ownSuites::contains);
      if (!enabled || !binary || !own) {
        continue;
      }
      StringBuilder content = new StringBuilder("Types: deb\n");
      content.append("URIs: ").append(fields.get("uris").trim()).append('\n');
      content.append("Suites: ").append(suite).append("\nComponents: main\n");
      for (String kept : List.of("Signed-By", "Trusted", "Check-Valid-Until")) {
        String value = fields.get(kept.toLowerCase(Locale.ROOT));
        if (value != null) {
          content.append(kept).append(':').append(value).append('\n');
        }
      }
      sources.add(new Source("sources", content.toString()));
    }
    return sources;
  }

  private static Map<String, String> fields(String stanza) {
    Map<String, String> fields = new LinkedHashMap<>();
    String name = null;
    for (String line : stanza.split("\n")) {
      int colon = line.indexOf(':');
      if (name != null && !line.isEmpty() && Character.isWhitespace(line.charAt(0))) {
        fields.merge(name, "\n" + line, String::concat);
      } else if (colon > 0) {
        name = line.substring(0, colon).trim().toLowerCase(Locale.ROOT);
        fields.put(name, line.substring(colon + 1));
      }
    }
    return fields;
  }

  private static List<String> words(String value) {
    return value == null ? List.of() : List.of(value.trim().split("\\s+"));
  }
}
