package io.firn.testservers.provision;

import io.firn.testservers.ServerException;
import io.firn.testservers.process.Commands;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * Downloads Debian packages with everything they need, and unpacks them into a prefix, without
 * touching the system: apt works on a state of its own in which nothing is installed.
 */
final class DebianPackages {
  private static final long DOWNLOAD_SECONDS = 600;

  private final Path work;

  /**
   * @param work an empty directory for apt's private state and for the packages
   */
  DebianPackages(Path work) {
    this.work = work;
  }

  /** Downloads the packages and their dependencies from {@code suite}; returns the files. */
  List<Path> download(String suite, List<String> names) throws IOException, InterruptedException {
    for (String directory : List.of("state/lists/partial", "cache/archives/partial", "parts")) {
      Files.createDirectories(work.resolve(directory));
    }
    Files.createFile(work.resolve("state/status"));
    Files.writeString(work.resolve("apt.conf"), configuration());
    List<String> failures = new ArrayList<>();
    for (AptSources.Source source : AptSources.withSuite(suite)) {
      Path file = work.resolve("parts/firn." + source.extension());
      Files.writeString(file, source.content());
      try {
        apt("update");
        List<String> install = new ArrayList<>(List.of("--download-only", "install"));
        install.addAll(names);
        apt(install.toArray(String[]::new));
        return archives();
      } catch (ServerException e) {
        failures.add(source.content() + e.getMessage());
      } finally {
        Files.delete(file);
      }
    }
    throw new ServerException(
        "Cannot download "
            + names
            + " from suite '"
            + suite
            + "'; check the network and apt's configuration. Tried:\n"
            + String.join("\n", failures));
  }

  /** Unpacks packages into one tree whose top-level directories are merged into usr. */
  static void unpack(List<Path> archives, List<String> skippedPrefixes, Path prefix)
      throws IOException, InterruptedException {
    for (String name : List.of("bin", "sbin", "lib", "lib64")) {
      Files.createDirectories(prefix.resolve("usr").resolve(name));
      Files.createSymbolicLink(prefix.resolve(name), Path.of("usr", name));
    }
    for (Path archive : archives) {
      String file = archive.getFileName().toString();
      if (skippedPrefixes.stream().noneMatch(file::startsWith)) {
        unpack(archive, prefix);
      }
    }
  }

  private static void unpack(Path archive, Path prefix) throws IOException, InterruptedException {
    Path log = Files.createTempFile("firn-unpack", ".out");
    try {
      List<Process> processes =
          ProcessBuilder.startPipeline(
              List.of(
                  new ProcessBuilder("dpkg-deb", "--fsys-tarfile", archive.toString())
                      .redirectError(ProcessBuilder.Redirect.appendTo(log.toFile())),
                  new ProcessBuilder(
                          "tar",
                          "-x",
                          "-C",
                          prefix.toString(),
                          "--keep-directory-symlink",
                          "--no-same-owner",
                          "--exclude=./usr/share/doc",
                          "--exclude=./usr/share/man",
                          "--exclude=./usr/share/locale")
                      .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                      .redirectError(ProcessBuilder.Redirect.appendTo(log.toFile()))));
      for (Process process : processes) {
        if (process.waitFor() != 0) {
          throw new ServerException("Cannot unpack '" + archive + "':\n" + Commands.end(log));
        }
      }
    } finally {
      Files.deleteIfExists(log);
    }
  }

  private List<Path> archives() throws IOException {
    try (Stream<Path> files = Files.list(work.resolve("cache/archives"))) {
      return files.filter(file -> file.toString().endsWith(".deb")).sorted().toList();
    }
  }

  private void apt(String... arguments) throws IOException, InterruptedException {
    List<String> command =
        new ArrayList<>(List.of("apt-get", "-q", "-y", "-c", work.resolve("apt.conf").toString()));
    // Without this a failed download of an index is only a warning.
    command.addAll(List.of("-o", "APT::Update::Error-Mode=any"));
    command.addAll(List.of(arguments));
    Commands.run(command, null, DOWNLOAD_SECONDS);
  }

  /** Read after the machine's own configuration, so proxies and credentials stay. */
  private String configuration() {
    return """
        Dir::State "%1$s/state";
        Dir::State::status "%1$s/state/status";
        Dir::State::extended_states "%1$s/state/extended_states";
        Dir::Cache "%1$s/cache";
        Dir::Cache::archives "archives";
        Dir::Etc::SourceList "/dev/null";
        Dir::Etc::SourceParts "%1$s/parts";
        Dir::Etc::Preferences "/dev/null";
        Dir::Etc::PreferencesParts "/dev/null";
        Dir::Log "%1$s";
        APT::Sandbox::User "";
        APT::Install-Recommends "false";
        APT::Default-Release "";
        Acquire::Languages "none";
        #clear APT::Update::Pre-Invoke;
        #clear APT::Update::Post-Invoke;
        #clear APT::Update::Post-Invoke-Success;
        #clear DPkg::Pre-Install-Pkgs;
        #clear DPkg::Pre-Invoke;
        #clear DPkg::Post-Invoke;
        """
        .formatted(work);
  }
}
