package io.firn.simulation.check;

import io.firn.simulation.lake.CatalogServer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.TableMetadata;
import org.apache.iceberg.catalog.TableIdentifier;

/**
 * No file is deleted that any snapshot of a table refers to, and none of a checkpoint that was
 * published but is not in its table yet: whether those are in the table may only be unknown, and
 * then they are needed.
 */
public final class NoNeededFileDeleted {
  private static final Pattern OURS =
      Pattern.compile(".*/([^/]+)/data/.*firn-[0-9a-f]{8}-(\\d+)-(\\d+)-\\d+-\\d+\\..*");

  private final CatalogServer server;
  private final TableFiles files;
  private final CommitsArePublished publications;

  /** Knows the catalog, and what was published. */
  public NoNeededFileDeleted(
      CatalogServer server, TableFiles files, CommitsArePublished publications) {
    this.server = server;
    this.files = files;
    this.publications = publications;
  }

  /** Somebody deletes a file. */
  public void deleting(String who, String location) {
    for (TableIdentifier table : server.tables()) {
      TableMetadata metadata = server.current(table);
      boolean needed = location.equals(metadata.metadataFileLocation());
      for (Snapshot snapshot : metadata.snapshots()) {
        needed |= refers(files.of(snapshot, metadata), location);
      }
      if (needed) {
        throw new Violation("NoNeededFileDeleted", who + " deletes " + location);
      }
    }
    Matcher name = OURS.matcher(location);
    if (name.matches()) {
      requireDecided(who, location, name);
    }
  }

  private static boolean refers(TableFiles.Listing listing, String location) {
    return listing.metadata().contains(location)
        || listing.entries().stream().anyMatch(e -> e.location().equals(location));
  }

  private void requireDecided(String who, String location, Matcher name) {
    long epoch = Long.parseLong(name.group(2));
    long checkpoint = Long.parseLong(name.group(3));
    if (!publications.wasPublished(epoch, checkpoint)) {
      return;
    }
    for (TableIdentifier table : server.tables()) {
      if (table.name().equals(name.group(1))) {
        Summaries.Mark mark = Summaries.property(server.current(table));
        if (mark == null || mark.checkpoint() < checkpoint) {
          throw new Violation(
              "NoNeededFileDeleted",
              who + " deletes " + location + " of a published checkpoint; the table has " + mark);
        }
      }
    }
  }
}
