package io.firn.it.check;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.iceberg.ContentFile;
import org.apache.iceberg.FileContent;
import org.apache.iceberg.ManifestFile;
import org.apache.iceberg.ManifestFiles;
import org.apache.iceberg.ManifestReader;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.Table;
import org.apache.iceberg.TableMetadata;

/**
 * Checks of a table's whole history: one snapshot per checkpoint, positions that only increase, no
 * equality deletes, every file there with its size.
 */
public final class SnapshotCheck {
  private static final String CHECKPOINT = "firn.checkpoint-id";
  private static final String POSITION = "firn.position";
  private static final String OPERATION = "firn.operation";
  private static final String EPOCH = "firn.epoch";
  private static final String SNAPSHOT_COMPLETED = "firn.snapshot-completed";

  private final Table table;
  private final Set<String> knownFiles = new HashSet<>();
  private final Set<String> knownManifests = new HashSet<>();

  private SnapshotCheck(Table table) {
    this.table = table;
  }

  /**
   * What was found in a table.
   *
   * @param snapshots number of snapshots
   * @param checkpoints ids of the checkpoints, in order of their snapshots
   * @param files locations of all data and delete files of all snapshots
   */
  public record History(int snapshots, List<Long> checkpoints, Set<String> files) {}

  /**
   * Checks the history.
   *
   * @throws AssertionError for the first promise that is broken
   */
  public static History assertSound(Table table) {
    return new SnapshotCheck(table).check();
  }

  private History check() {
    List<Long> checkpoints = new ArrayList<>();
    Map<Long, Long> snapshotOfCheckpoint = new HashMap<>();
    String lastPosition = null;
    String snapshotRestartableIn = null;
    int snapshots = 0;
    for (Snapshot snapshot : inOrder()) {
      snapshots++;
      Map<String, String> summary = snapshot.summary();
      String id = summary.get(CHECKPOINT);
      if (id == null && !summary.containsKey(OPERATION)) {
        throw broken(snapshot, "has no marker: " + summary);
      }
      if ("checkpoint".equals(summary.get(OPERATION))) {
        long checkpoint = Long.parseLong(id);
        Long other = snapshotOfCheckpoint.put(checkpoint, snapshot.snapshotId());
        if (other != null) {
          throw broken(snapshot, "repeats checkpoint " + checkpoint + " of snapshot " + other);
        }
        if (!checkpoints.isEmpty() && checkpoints.get(checkpoints.size() - 1) >= checkpoint) {
          throw broken(snapshot, "has checkpoint " + checkpoint + " after " + checkpoints);
        }
        String position = summary.get(POSITION);
        // A later life reads an initial snapshot that was not complete again from its beginning.
        boolean startsOver =
            snapshotRestartableIn != null && !snapshotRestartableIn.equals(summary.get(EPOCH));
        if (lastPosition != null && !startsOver && Positions.compare(lastPosition, position) >= 0) {
          throw broken(snapshot, "has position " + position + " after " + lastPosition);
        }
        lastPosition = position;
        snapshotRestartableIn =
            "false".equals(summary.get(SNAPSHOT_COMPLETED)) ? summary.get(EPOCH) : null;
        checkpoints.add(checkpoint);
      }
      checkFiles(snapshot);
    }
    return new History(snapshots, checkpoints, knownFiles);
  }

  /** The current snapshot's ancestry, oldest first; a snapshot beside it would be a lost commit. */
  private List<Snapshot> inOrder() {
    List<Snapshot> ancestry = new ArrayList<>();
    for (Snapshot snapshot = table.currentSnapshot();
        snapshot != null;
        snapshot = snapshot.parentId() == null ? null : table.snapshot(snapshot.parentId())) {
      ancestry.add(0, snapshot);
    }
    int all = 0;
    for (Snapshot snapshot : table.snapshots()) {
      all += snapshot == null ? 0 : 1;
    }
    if (all != ancestry.size()) {
      throw new AssertionError(
          table.name() + ": " + (all - ancestry.size()) + " snapshots are not in the main branch");
    }
    return ancestry;
  }

  private void checkFiles(Snapshot snapshot) {
    try {
      for (ManifestFile manifest : snapshot.dataManifests(table.io())) {
        // Most snapshots share most manifests, and none ever changes.
        if (!knownManifests.add(manifest.path())) {
          continue;
        }
        try (ManifestReader<?> reader = ManifestFiles.read(manifest, table.io())) {
          reader.forEach(file -> checkFile(snapshot, file));
        }
      }
      for (ManifestFile manifest : snapshot.deleteManifests(table.io())) {
        if (!knownManifests.add(manifest.path())) {
          continue;
        }
        try (ManifestReader<?> reader =
            ManifestFiles.readDeleteManifest(manifest, table.io(), table.specs())) {
          reader.forEach(file -> checkFile(snapshot, file));
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void checkFile(Snapshot snapshot, ContentFile<?> file) {
    String location = file.location();
    if (file.content() == FileContent.EQUALITY_DELETES) {
      throw broken(snapshot, "contains the equality delete file " + location);
    }
    if (knownFiles.add(location)) {
      if (!table.io().newInputFile(location).exists()) {
        throw broken(snapshot, "refers to the missing file " + location);
      }
      long size = table.io().newInputFile(location).getLength();
      if (size != file.fileSizeInBytes()) {
        throw broken(
            snapshot,
            "says that " + location + " has " + file.fileSizeInBytes() + " bytes; it has " + size);
      }
    }
  }

  private AssertionError broken(Snapshot snapshot, String what) {
    return new AssertionError(table.name() + ": snapshot " + snapshot.snapshotId() + " " + what);
  }

  /** Location of the newest metadata file, for readers that know no catalog. */
  public static String metadataLocation(Table table) {
    TableMetadata metadata = ((org.apache.iceberg.HasTableOperations) table).operations().current();
    return metadata.metadataFileLocation();
  }
}
