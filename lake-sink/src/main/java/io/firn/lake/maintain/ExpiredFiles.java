package io.firn.lake.maintain;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.iceberg.ContentFile;
import org.apache.iceberg.ManifestContent;
import org.apache.iceberg.ManifestFile;
import org.apache.iceberg.ManifestFiles;
import org.apache.iceberg.ManifestReader;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.StatisticsFile;
import org.apache.iceberg.TableMetadata;
import org.apache.iceberg.io.FileIO;
import org.apache.iceberg.util.SnapshotUtil;

/**
 * Finds the files that only expired snapshots refer to: data and delete files, manifests, manifest
 * lists and statistics.
 *
 * <p>A file that is gone from one snapshot of a line of history does not come back in a later one,
 * so of the current snapshot's ancestors only those need be looked at that are left next to an
 * expired one, which are several where tags hold some in between, and the current one to be safe,
 * and besides every snapshot that is not an ancestor (branches, rolled back). If one is expired
 * that was not an ancestor, its files may have been committed a second time to where the table went
 * instead, so all snapshots are looked at then.
 */
public final class ExpiredFiles {
  private final TableMetadata before;
  private final TableMetadata after;
  private final FileIO io;

  /**
   * @param before the table before the expiry
   * @param after the table after it; later commits do no harm
   */
  public ExpiredFiles(TableMetadata before, TableMetadata after, FileIO io) {
    this.before = before;
    this.after = after;
    this.io = io;
  }

  /** Locations of files to delete, those first that refer to others last. */
  public Set<String> find() throws IOException {
    Set<Long> left = new HashSet<>();
    after.snapshots().forEach(snapshot -> left.add(snapshot.snapshotId()));
    Set<String> lists = new LinkedHashSet<>();
    Map<String, ManifestFile> dead = new LinkedHashMap<>();
    for (Snapshot snapshot : before.snapshots()) {
      if (!left.contains(snapshot.snapshotId())) {
        if (snapshot.manifestListLocation() != null) {
          lists.add(snapshot.manifestListLocation());
        }
        snapshot.allManifests(io).forEach(manifest -> dead.put(manifest.path(), manifest));
      }
    }
    if (lists.isEmpty()) {
      return Set.of();
    }
    Map<String, ManifestFile> alive = new LinkedHashMap<>();
    for (Snapshot root : roots(left)) {
      root.allManifests(io).forEach(manifest -> alive.put(manifest.path(), manifest));
    }
    dead.keySet().removeAll(alive.keySet());
    Set<String> files = new LinkedHashSet<>();
    for (ManifestFile manifest : dead.values()) {
      forEachLive(manifest, before, file -> files.add(file.location()));
    }
    if (!files.isEmpty()) {
      for (ManifestFile manifest : alive.values()) {
        forEachLive(manifest, after, file -> files.remove(file.location()));
      }
    }
    files.addAll(dead.keySet());
    files.addAll(lists);
    for (StatisticsFile statistics : before.statisticsFiles()) {
      if (!left.contains(statistics.snapshotId())) {
        files.add(statistics.path());
      }
    }
    return files;
  }

  private List<Snapshot> roots(Set<Long> left) {
    Set<Long> ancestors = new HashSet<>();
    List<Snapshot> roots = new ArrayList<>();
    Snapshot newer = null;
    if (after.currentSnapshot() != null) {
      for (Snapshot ancestor :
          SnapshotUtil.ancestorsOf(after.currentSnapshot().snapshotId(), this::find)) {
        ancestors.add(ancestor.snapshotId());
        boolean isLeft = left.contains(ancestor.snapshotId());
        if (newer == null || isLeft != left.contains(newer.snapshotId())) {
          roots.add(isLeft || newer == null ? ancestor : newer);
        }
        newer = ancestor;
      }
    }
    for (Snapshot snapshot : before.snapshots()) {
      if (!left.contains(snapshot.snapshotId()) && !ancestors.contains(snapshot.snapshotId())) {
        return after.snapshots();
      }
    }
    for (Snapshot snapshot : after.snapshots()) {
      if (!ancestors.contains(snapshot.snapshotId())) {
        roots.add(snapshot);
      }
    }
    return roots;
  }

  private Snapshot find(long snapshotId) {
    Snapshot snapshot = after.snapshot(snapshotId);
    return snapshot != null ? snapshot : before.snapshot(snapshotId);
  }

  private interface Visitor {
    void visit(ContentFile<?> file);
  }

  private void forEachLive(ManifestFile manifest, TableMetadata metadata, Visitor visitor)
      throws IOException {
    try (ManifestReader<? extends ContentFile<?>> reader =
        manifest.content() == ManifestContent.DATA
            ? ManifestFiles.read(manifest, io, metadata.specsById())
            : ManifestFiles.readDeleteManifest(manifest, io, metadata.specsById())) {
      reader.forEach(visitor::visit);
    }
  }
}
