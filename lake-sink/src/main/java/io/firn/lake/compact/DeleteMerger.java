package io.firn.lake.compact;

import io.firn.lake.write.PositionDeleteFiles;
import io.firn.lake.write.PositionDeleteFiles.Positions;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.iceberg.DeleteFile;
import org.apache.iceberg.ManifestFile;
import org.apache.iceberg.ManifestFiles;
import org.apache.iceberg.ManifestReader;
import org.apache.iceberg.PartitionSpec;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.Table;
import org.apache.iceberg.deletes.Deletes;
import org.apache.iceberg.deletes.PositionDeleteIndex;
import org.apache.iceberg.io.CloseableIterable;

/**
 * Merges position delete files of a partition into one, and one more for each data file many of
 * whose rows are deleted: then it is known that they are, and the file is rewritten soon. What
 * names data files that are gone is left out.
 *
 * <p><b>Threading</b>: one thread; interrupting it ends the work.
 */
final class DeleteMerger {
  private static final int PAUSE_ROWS = 4096;

  private final DeleteMergeJob job;
  private final CpuThrottle throttle;
  private final SortedMap<String, PositionDeleteIndex> positions = new TreeMap<>();
  private final List<String> written = new ArrayList<>();
  private long read;

  DeleteMerger(DeleteMergeJob job, CpuThrottle throttle) {
    this.job = job;
    this.throttle = throttle;
  }

  /**
   * Writes the files.
   *
   * @throws IllegalStateException if the inputs are not as planned
   */
  MergedDeletes merge() throws IOException, InterruptedException {
    long cpuBefore = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
    long sequenceNumber = newestSequenceNumber();
    Map<String, Set<String>> dataFiles = new HashMap<>();
    for (DeleteFile input : job.plan().inputs()) {
      Set<String> ofInput = new HashSet<>();
      PositionDeleteFiles.read(
          job.table(), input, (dataFile, position) -> add(dataFile, position, ofInput));
      dataFiles.put(input.location(), ofInput);
    }
    boolean complete = false;
    try {
      List<DeleteFile> files = write();
      complete = true;
      return new MergedDeletes(
          job,
          files,
          sequenceNumber,
          dataFiles,
          files.stream().mapToLong(DeleteFile::recordCount).sum(),
          ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime() - cpuBefore);
    } finally {
      if (!complete) {
        written.forEach(location -> Compactor.delete(job, location));
      }
    }
  }

  /**
   * A delete file counts for data files up to its own data sequence number. The merged one has that
   * of the newest, as Iceberg's own rewrites have, so it goes away with the data that it is for.
   */
  private long newestSequenceNumber() throws IOException {
    Set<String> missing = new HashSet<>();
    job.plan().inputs().forEach(input -> missing.add(input.location()));
    Table table = job.table();
    Snapshot snapshot = table.snapshot(job.snapshotId());
    long newest = 0;
    for (ManifestFile manifest : snapshot.deleteManifests(table.io())) {
      try (ManifestReader<DeleteFile> reader =
          ManifestFiles.readDeleteManifest(manifest, table.io(), table.specs())) {
        for (DeleteFile file : reader) {
          if (missing.remove(file.location())) {
            newest = Math.max(newest, file.dataSequenceNumber());
          }
        }
      }
    }
    if (!missing.isEmpty()) {
      throw new IllegalStateException("delete file '" + missing.iterator().next() + "' is gone");
    }
    return newest;
  }

  private void add(String dataFile, long position, Set<String> ofInput)
      throws InterruptedException {
    if (job.liveRows().containsKey(dataFile)) {
      ofInput.add(dataFile);
      positions
          .computeIfAbsent(dataFile, path -> Deletes.toPositionIndex(CloseableIterable.empty()))
          .delete(position);
    }
    if (++read % PAUSE_ROWS == 0) {
      throttle.pause();
    }
  }

  private List<DeleteFile> write() throws IOException, InterruptedException {
    List<DeleteFile> files = new ArrayList<>();
    SortedMap<String, Positions> shared = new TreeMap<>();
    for (Map.Entry<String, PositionDeleteIndex> entry : positions.entrySet()) {
      Positions ofFile = entry.getValue()::forEach;
      long deleted = entry.getValue().cardinality();
      double share = (double) deleted / job.liveRows().get(entry.getKey());
      if (deleted >= job.ownFileRows() && share >= job.ownFileShare()) {
        files.add(write(new TreeMap<>(Map.of(entry.getKey(), ofFile))));
        throttle.pause();
      } else {
        shared.put(entry.getKey(), ofFile);
      }
    }
    if (!shared.isEmpty()) {
      files.add(write(shared));
    }
    throttle.pause();
    return files;
  }

  private DeleteFile write(SortedMap<String, Positions> content) throws IOException {
    PartitionSpec spec = job.table().specs().get(job.plan().specId());
    String location = job.location(written.size());
    written.add(location);
    return PositionDeleteFiles.write(job.table(), location, spec, job.plan().partition(), content);
  }
}
