package io.firn.lake.compact;

import io.firn.model.schema.TableId;
import java.io.IOException;
import java.util.List;
import org.apache.iceberg.Table;

/** Something for the {@link Compactor} to do: files of one table become other files. */
public sealed interface Work permits RewriteJob, DeleteMergeJob {
  /** The table's name in the pipeline. */
  TableId id();

  /** The table as it was when the work was planned; never refreshed. */
  Table table();

  /**
   * Does it. If it fails, no file is left.
   *
   * @param throttle says when to rest
   */
  Done run(CpuThrottle throttle) throws IOException, InterruptedException;

  /** What came of it. */
  sealed interface Done permits RewrittenFile, MergedDeletes {
    /** The files that were written. */
    List<String> locations();
  }
}
