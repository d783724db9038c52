package io.firn.lake.compact;

import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.iceberg.DeleteFile;

/**
 * Finished merge of position delete files.
 *
 * @param job what was asked for
 * @param files the new files; none if nothing in the old ones is for a live data file
 * @param dataSequenceNumber the newest of the old files' data sequence numbers
 * @param dataFiles by location of the old file, the data files whose positions were taken from it
 * @param positions how many positions the new files have
 * @param cpuNanos processor time it took
 */
public record MergedDeletes(
    DeleteMergeJob job,
    List<DeleteFile> files,
    long dataSequenceNumber,
    Map<String, Set<String>> dataFiles,
    long positions,
    long cpuNanos)
    implements Work.Done {

  /** Copies the collections. */
  public MergedDeletes {
    files = List.copyOf(files);
    dataFiles = Map.copyOf(dataFiles);
  }

  @Override
  public List<String> locations() {
    return files.stream().map(DeleteFile::location).toList();
  }
}
