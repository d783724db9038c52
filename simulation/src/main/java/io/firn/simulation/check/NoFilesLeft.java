package io.firn.simulation.check;

import io.firn.simulation.fault.Fault;
import io.firn.simulation.fault.FaultCounts;
import io.firn.simulation.lake.CatalogServer;
import io.firn.simulation.lake.ObjectStore;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.iceberg.TableMetadata;
import org.apache.iceberg.catalog.TableIdentifier;

/**
 * After maintenance without faults there is no data or delete file that no snapshot needs, apart
 * from those of the newest checkpoint and of what was begun after it: whether they are still wanted
 * is said by the next one.
 */
final class NoFilesLeft {
  private static final Pattern OURS =
      Pattern.compile(".*/data/.*firn-[0-9a-f]{8}-\\d+-(\\d+)-(\\d+|compact)-\\d+\\..*");

  private final CatalogServer server;
  private final ObjectStore store;
  private final TableFiles files;
  private final FaultCounts counts;

  NoFilesLeft(CatalogServer server, ObjectStore store, TableFiles files, FaultCounts counts) {
    this.server = server;
    this.store = store;
    this.files = files;
    this.counts = counts;
  }

  /** Somebody deletes a file that no snapshot refers to. */
  void deleting(String location) {
    if (OURS.matcher(location).matches() && !files.wasEverReferred(location)) {
      counts.add(Fault.ORPHAN_REMOVED);
    }
  }

  void check() {
    Set<String> needed = new TreeSet<>();
    long newest = 0;
    for (TableIdentifier table : server.tables()) {
      TableMetadata metadata = server.current(table);
      needed.addAll(files.locations(metadata));
      Summaries.Mark mark = Summaries.property(metadata);
      newest = Math.max(newest, mark == null ? 0 : mark.checkpoint());
    }
    for (String location : store.locations()) {
      Matcher name = OURS.matcher(location);
      if (name.matches() && !needed.contains(location)) {
        boolean decided = name.group(2).equals("compact") || Long.parseLong(name.group(1)) < newest;
        if (decided) {
          throw new Violation("NoFilesLeft", location + " is left over");
        }
      }
    }
  }
}
