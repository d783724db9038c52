package io.firn.it.check;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.iceberg.Table;

/** Files in a local table's data directory that no snapshot refers to. */
public final class LeftoverFiles {
  private static final Pattern ATTRIBUTABLE =
      Pattern.compile(
          "firn-[0-9a-f]{8}-\\d+-\\d+-(\\d+|compact)-\\d+(\\.\\w+)*\\.(parquet|puffin)");

  private LeftoverFiles() {}

  /**
   * Counts them; 0 for a table that is not in the local file system.
   *
   * @param referenced what {@link SnapshotCheck} found
   * @throws AssertionError if there is one whose name does not say which checkpoint left it
   */
  public static int count(Table table, Set<String> referenced) {
    if (table.location().contains("://") && !table.location().startsWith("file:")) {
      return 0;
    }
    Path data = local(table.location()).resolve("data");
    if (!Files.exists(data)) {
      return 0;
    }
    Set<Path> known = referenced.stream().map(LeftoverFiles::local).collect(Collectors.toSet());
    try (Stream<Path> files = Files.walk(data)) {
      List<Path> leftovers =
          files
              .filter(Files::isRegularFile)
              .filter(file -> !file.getFileName().toString().endsWith(".crc"))
              .filter(file -> !known.contains(file))
              .toList();
      for (Path file : leftovers) {
        String name = file.getFileName().toString();
        if (!ATTRIBUTABLE.matcher(name).matches()) {
          throw new AssertionError(table.name() + ": nobody knows where this is from: " + file);
        }
      }
      return leftovers.size();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Path local(String location) {
    return location.startsWith("file:")
        ? Path.of(URI.create(location).getPath())
        : Path.of(location);
  }
}
