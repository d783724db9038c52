package io.firn.lake.compact;

import io.firn.lake.table.DataFileName;
import io.firn.model.schema.TableId;
import java.io.IOException;
import java.util.Map;
import org.apache.iceberg.Table;

/**
 * A merge of position delete files to be done: which, as of when, and under which name.
 *
 * @param id the table's name in the pipeline
 * @param table the table as it was when the job was planned; never refreshed
 * @param plan the files
 * @param snapshotId the snapshot that they were found in
 * @param liveRows how many rows each live data file of the partition has, by location; positions in
 *     other files are left out
 * @param ownFileShare share of deleted rows from which on a data file gets a delete file of its own
 * @param ownFileRows deleted rows below which it does not, whatever their share
 * @param name name of the new files, which differ in their extension
 */
public record DeleteMergeJob(
    TableId id,
    Table table,
    DeleteMergePlan plan,
    long snapshotId,
    Map<String, Long> liveRows,
    double ownFileShare,
    long ownFileRows,
    DataFileName name)
    implements Work {

  /** Copies the map. */
  public DeleteMergeJob {
    liveRows = Map.copyOf(liveRows);
  }

  @Override
  public MergedDeletes run(CpuThrottle throttle) throws IOException, InterruptedException {
    return new DeleteMerger(this, throttle).merge();
  }

  /** Where a new file goes. */
  String location(int number) {
    return table.locationProvider().newDataLocation(name.format("m" + number + ".deletes.parquet"));
  }
}
