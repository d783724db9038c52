package io.firn.lake.compact;

import java.util.List;
import org.apache.iceberg.DeleteFile;
import org.apache.iceberg.StructLike;

/**
 * Position delete files of one partition to be merged.
 *
 * @param specId the partition spec
 * @param partition the partition
 * @param inputs the files
 * @param applying how many delete files a reader of a data file of the partition reads at most
 */
public record DeleteMergePlan(
    int specId, StructLike partition, List<DeleteFile> inputs, int applying) {

  /** Copies the list. */
  public DeleteMergePlan {
    inputs = List.copyOf(inputs);
  }

  /** How many positions there are in the files. */
  public long positions() {
    return inputs.stream().mapToLong(DeleteFile::recordCount).sum();
  }

  /** How large the files are. */
  public long bytes() {
    return inputs.stream().mapToLong(DeleteFile::fileSizeInBytes).sum();
  }
}
