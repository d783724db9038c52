package io.firn.lake.maintain;

import io.firn.lake.table.DataFileName;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.apache.iceberg.ContentFile;
import org.apache.iceberg.ManifestContent;
import org.apache.iceberg.ManifestFile;
import org.apache.iceberg.ManifestFiles;
import org.apache.iceberg.ManifestReader;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.TableMetadata;
import org.apache.iceberg.TableProperties;
import org.apache.iceberg.io.FileIO;
import org.apache.iceberg.io.FileInfo;
import org.apache.iceberg.io.SupportsPrefixOperations;

/**
 * Finds files of ours that were left by a crash: written for a checkpoint or a compaction, and in
 * no snapshot.
 *
 * <p><b>Invariants</b>: only files whose name says that this pipeline wrote them; that are older
 * than the grace period; that belong to a checkpoint before the newest that the tables have, so not
 * to one that is published and still to be committed; of compactions, that belong to an earlier
 * life, as those of this one may be under way; and that are live in no snapshot.
 */
public final class OrphanFiles {
  private final TableMetadata metadata;
  private final FileIO io;
  private final String pipelineHash;
  private final long epoch;
  private final long newestCheckpointId;

  /**
   * @param metadata the table, read after {@code newestCheckpointId} was
   * @param pipelineHash whose files to look for
   * @param epoch the life that looks
   * @param newestCheckpointId the newest checkpoint that any table of the pipeline has
   */
  public OrphanFiles(
      TableMetadata metadata, FileIO io, String pipelineHash, long epoch, long newestCheckpointId) {
    this.metadata = metadata;
    this.io = io;
    this.pipelineHash = pipelineHash;
    this.epoch = epoch;
    this.newestCheckpointId = newestCheckpointId;
  }

  /**
   * Finds them.
   *
   * @param olderThanMillis a time; younger files are left alone
   * @return their locations; none if the storage cannot list files
   */
  public List<String> find(long olderThanMillis) throws IOException {
    if (!(io instanceof SupportsPrefixOperations listing)) {
      return List.of();
    }
    List<String> candidates = new ArrayList<>();
    for (FileInfo file : listing.listPrefix(dataLocation())) {
      boolean old = file.createdAtMillis() < olderThanMillis;
      if (old && DataFileName.parse(file.location()).filter(this::isOurs).isPresent()) {
        candidates.add(file.location());
      }
    }
    if (candidates.isEmpty()) {
      return candidates;
    }
    Set<String> referenced = referencedNames();
    candidates.removeIf(location -> referenced.contains(name(location)));
    return candidates;
  }

  private boolean isOurs(DataFileName name) {
    return name.pipelineHash().equals(pipelineHash)
        && (name.subtask() == DataFileName.COMPACTION
            ? name.epoch() < epoch
            : name.checkpointId() < newestCheckpointId);
  }

  private String dataLocation() {
    String location = metadata.property(TableProperties.WRITE_DATA_LOCATION, null);
    return (location == null ? metadata.location() + "/data" : location) + "/";
  }

  /**
   * The names without their directories: those are unique for ever, and locations may be spelt in
   * several ways.
   */
  private Set<String> referencedNames() throws IOException {
    Set<String> names = new HashSet<>();
    Set<String> seen = new HashSet<>();
    for (Snapshot snapshot : metadata.snapshots()) {
      for (ManifestFile manifest : snapshot.allManifests(io)) {
        if (seen.add(manifest.path())) {
          try (ManifestReader<? extends ContentFile<?>> reader =
              manifest.content() == ManifestContent.DATA
                  ? ManifestFiles.read(manifest, io, metadata.specsById())
                  : ManifestFiles.readDeleteManifest(manifest, io, metadata.specsById())) {
            reader.forEach(file -> names.add(name(file.location())));
          }
        }
      }
    }
    return names;
  }

  private static String name(String location) {
    return location.substring(location.lastIndexOf('/') + 1);
  }
}
