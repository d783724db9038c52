package io.firn.lake.registry;

import io.firn.model.error.InconsistentStateException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.DeleteFile;
import org.apache.iceberg.FileContent;
import org.apache.iceberg.FileFormat;
import org.apache.iceberg.ManifestFile;
import org.apache.iceberg.ManifestFiles;
import org.apache.iceberg.ManifestReader;
import org.apache.iceberg.PartitionSpec;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.SnapshotSummary;
import org.apache.iceberg.io.FileIO;
import org.apache.iceberg.util.ContentFileUtil;

/**
 * The live files of one snapshot of a table, without their column statistics: what deletes must be
 * merged with. Read from the manifests once and then carried along from commit to commit.
 *
 * <p><b>Threading</b>: one thread at a time.
 */
public final class LiveFiles {
  private final Map<String, DataFile> dataFiles = new HashMap<>();
  private final Map<String, List<DeleteFile>> scopedDeletes = new HashMap<>();
  private final List<DeleteFile> sharedDeletes = new ArrayList<>();
  private Long snapshotId;

  private LiveFiles() {}

  /** The files of a table without a snapshot. */
  public static LiveFiles none() {
    return new LiveFiles();
  }

  /**
   * Reads the manifests of a snapshot.
   *
   * @param snapshot the snapshot, or null for a table that has none
   * @param io the table's files
   * @param specs the table's partition specs
   */
  public static LiveFiles read(Snapshot snapshot, FileIO io, Map<Integer, PartitionSpec> specs) {
    LiveFiles files = new LiveFiles();
    if (snapshot == null) {
      return files;
    }
    files.snapshotId = snapshot.snapshotId();
    try {
      for (ManifestFile manifest : snapshot.dataManifests(io)) {
        try (ManifestReader<DataFile> reader = ManifestFiles.read(manifest, io, specs)) {
          reader.forEach(file -> files.dataFiles.put(file.location(), file.copyWithoutStats()));
        }
      }
      for (ManifestFile manifest : snapshot.deleteManifests(io)) {
        try (ManifestReader<DeleteFile> reader =
            ManifestFiles.readDeleteManifest(manifest, io, specs)) {
          // The statistics of a delete file's path column say which data file it is for.
          reader.forEach(file -> files.add(file.copy()));
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return files;
  }

  private void add(DeleteFile file) {
    String referenced =
        file.content() == FileContent.POSITION_DELETES
            ? ContentFileUtil.referencedDataFileLocation(file)
            : null;
    if (referenced == null) {
      sharedDeletes.add(file);
    } else {
      scopedDeletes.computeIfAbsent(referenced, path -> new ArrayList<>(1)).add(file);
    }
  }

  /** The snapshot these files are of; null for a table that has none. */
  public Long snapshotId() {
    return snapshotId;
  }

  /** All data files. */
  public Collection<DataFile> dataFiles() {
    return dataFiles.values();
  }

  /** The data file at a location, or null. */
  public DataFile dataFile(String location) {
    return dataFiles.get(location);
  }

  /** Every delete file, whatever it is for. */
  public List<DeleteFile> deleteFiles() {
    List<DeleteFile> all = new ArrayList<>(sharedDeletes);
    scopedDeletes.values().forEach(all::addAll);
    return all;
  }

  /** The delete files that are for one data file and no other. */
  public List<DeleteFile> deletesOf(String dataFile) {
    return scopedDeletes.getOrDefault(dataFile, List.of());
  }

  /**
   * Checks that deletion vectors can be written: where a data file gets one, readers no longer look
   * at position delete files.
   *
   * @throws InconsistentStateException if the table has position delete files
   */
  public void requireDeletionVectorsOnly(Object table) {
    for (DeleteFile file : deleteFiles()) {
      if (file.content() == FileContent.POSITION_DELETES && file.format() != FileFormat.PUFFIN) {
        throw new InconsistentStateException(
            "Writing deletion vectors to table "
                + table
                + " failed: it still has position delete files of format version 2, such as '"
                + file.location()
                + "'; rewrite its data files (rewrite_data_files with delete-file-threshold 1),"
                + " then start again");
      }
    }
  }

  /** Applies a commit of ours. */
  public void apply(
      Long newSnapshotId,
      Collection<DataFile> addedData,
      Collection<DeleteFile> addedDeletes,
      Collection<DataFile> removedData,
      Collection<DeleteFile> removedDeletes,
      boolean everythingElseRemoved) {
    if (everythingElseRemoved) {
      dataFiles.clear();
      scopedDeletes.clear();
      sharedDeletes.clear();
    }
    for (DeleteFile file : removedDeletes) {
      List<DeleteFile> scoped = scopedDeletes.get(ContentFileUtil.referencedDataFileLocation(file));
      if (scoped != null) {
        scoped.removeIf(old -> sameContent(old, file));
      } else {
        sharedDeletes.removeIf(old -> sameContent(old, file));
      }
    }
    for (DataFile file : removedData) {
      dataFiles.remove(file.location());
      scopedDeletes.remove(file.location());
    }
    addedData.forEach(file -> dataFiles.put(file.location(), file.copyWithoutStats()));
    addedDeletes.forEach(this::add);
    snapshotId = newSnapshotId;
  }

  /**
   * Has the files read anew if a commit took out more delete files than {@link #apply} was told:
   * Iceberg removes those of format version 2 that are older than all data.
   */
  public void checkRemoved(Snapshot commit, int removedDeletes) {
    String removed = commit.summary().get(SnapshotSummary.REMOVED_DELETE_FILES_PROP);
    if (removed != null && Long.parseLong(removed) > removedDeletes) {
      snapshotId = null;
    }
  }

  private static boolean sameContent(DeleteFile one, DeleteFile other) {
    return one.location().equals(other.location())
        && java.util.Objects.equals(one.contentOffset(), other.contentOffset());
  }
}
