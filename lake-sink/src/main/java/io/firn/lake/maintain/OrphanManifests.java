package io.firn.lake.maintain;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.TableMetadata;
import org.apache.iceberg.TableProperties;
import org.apache.iceberg.io.FileIO;
import org.apache.iceberg.io.FileInfo;
import org.apache.iceberg.io.SupportsPrefixOperations;

/**
 * Finds manifests and manifest lists that were left by commits that a crash cut short or whose
 * outcome was unknown.
 *
 * <p>Their names do not say whose they are, so nothing but their age tells them from those of a
 * commit that somebody else is just making. Files of table metadata are left alone: which of them
 * somebody may still start from differs from catalog to catalog.
 *
 * <p><b>Invariants</b>: only files with the names that Iceberg gives to manifests and manifest
 * lists; that are older than the grace period, and a day at least; that no snapshot of the table
 * refers to.
 */
public final class OrphanManifests {
  /** Nobody takes that long to commit. */
  private static final long MIN_AGE_MILLIS = 24 * 60 * 60 * 1000L;

  private static final Pattern NAME =
      Pattern.compile(
          "(?:snap-\\d+-\\d+-)?[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}(-m\\d+)?\\.avro");

  private final TableMetadata metadata;
  private final FileIO io;

  /**
   * @param metadata the table, read after all that is old enough was written
   */
  public OrphanManifests(TableMetadata metadata, FileIO io) {
    this.metadata = metadata;
    this.io = io;
  }

  /**
   * Finds them.
   *
   * @param nowMillis the time
   * @param graceMillis how old they must be
   * @return their locations; none if the storage cannot list files, or the table's files are not to
   *     be collected
   */
  public List<String> find(long nowMillis, long graceMillis) {
    boolean collected =
        metadata.propertyAsBoolean(TableProperties.GC_ENABLED, TableProperties.GC_ENABLED_DEFAULT);
    if (!collected || !(io instanceof SupportsPrefixOperations listing)) {
      return List.of();
    }
    long olderThan = nowMillis - Math.max(graceMillis, MIN_AGE_MILLIS);
    List<String> candidates = new ArrayList<>();
    for (FileInfo file : listing.listPrefix(location())) {
      if (file.createdAtMillis() < olderThan && NAME.matcher(name(file.location())).matches()) {
        candidates.add(file.location());
      }
    }
    if (!candidates.isEmpty()) {
      Set<String> referenced = referencedNames();
      candidates.removeIf(location -> referenced.contains(name(location)));
    }
    return candidates;
  }

  private String location() {
    String location = metadata.property(TableProperties.WRITE_METADATA_LOCATION, null);
    return (location == null ? metadata.location() + "/metadata" : location) + "/";
  }

  /** Without directories: names are unique for ever, and locations may be spelt in several ways. */
  private Set<String> referencedNames() {
    Set<String> names = new HashSet<>();
    for (Snapshot snapshot : metadata.snapshots()) {
      if (snapshot.manifestListLocation() != null) {
        names.add(name(snapshot.manifestListLocation()));
      }
      snapshot.allManifests(io).forEach(manifest -> names.add(name(manifest.path())));
    }
    return names;
  }

  private static String name(String location) {
    return location.substring(location.lastIndexOf('/') + 1);
  }
}
