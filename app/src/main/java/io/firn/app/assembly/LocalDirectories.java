package io.firn.app.assembly;

import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** Looks at local directories before anything is written into them. */
final class LocalDirectories {
  private LocalDirectories() {}

  /** The path that a path or {@code file:} URL means; empty if it is the URL of something else. */
  static Optional<Path> path(String location) {
    if (location.startsWith("file:")) {
      String path = location.substring("file:".length()).replaceFirst("^/+", "/");
      return Optional.of(Path.of(decoded(location, path)));
    }
    return location.contains("://") ? Optional.empty() : Optional.of(Path.of(location));
  }

  private static String decoded(String location, String path) {
    try {
      String decoded = URI.create(location).getPath();
      return decoded == null ? path : decoded.replaceFirst("^/+", "/");
    } catch (IllegalArgumentException e) {
      // Not a valid URL, as with a blank in it; others take it literally too.
      return path;
    }
  }

  /**
   * Why a directory, which may not exist yet, cannot be written to; empty if nothing speaks against
   * it. Creates nothing.
   */
  static Optional<String> obstacle(Path directory) {
    Path existing = directory.toAbsolutePath().normalize();
    while (existing != null && !Files.exists(existing)) {
      existing = existing.getParent();
    }
    if (existing == null) {
      return Optional.of("no part of its path exists");
    }
    if (!Files.isDirectory(existing)) {
      return Optional.of("'" + existing + "' is not a directory");
    }
    if (!Files.isWritable(existing)) {
      return Optional.of("'" + existing + "' is not writable for this user");
    }
    return Optional.empty();
  }
}
