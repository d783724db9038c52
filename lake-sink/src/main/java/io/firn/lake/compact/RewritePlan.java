package io.firn.lake.compact;

import io.firn.lake.compact.RewritePlanner.Reason;
import java.util.List;
import org.apache.iceberg.DataFile;

/**
 * Files of one partition to be rewritten into one.
 *
 * @param reason why
 * @param inputs the files, oldest first; all of one partition spec and partition
 * @param liveRows how many rows they have that are not deleted, as far as is known
 * @param liveBytes about how many bytes these take
 */
public record RewritePlan(Reason reason, List<DataFile> inputs, long liveRows, long liveBytes) {

  /** Copies the list. */
  public RewritePlan {
    inputs = List.copyOf(inputs);
  }

  /** Bytes of the files as they are. */
  public long inputBytes() {
    return inputs.stream().mapToLong(DataFile::fileSizeInBytes).sum();
  }
}
