package io.firn.lake.compact;

import io.firn.lake.table.DataFileName;
import io.firn.model.schema.TableId;
import java.io.IOException;
import java.util.Set;
import org.apache.iceberg.PartitionSpec;
import org.apache.iceberg.Table;
import org.apache.iceberg.encryption.EncryptionManager;

/**
 * A rewrite to be done: what, as of when, and under which name.
 *
 * @param id the table's name in the pipeline
 * @param table the table as it was when the job was planned; never refreshed
 * @param encryption the table's encryption
 * @param plan the files
 * @param snapshotId the snapshot whose live rows are to be kept
 * @param positionDeletes locations of the position delete files (not deletion vectors) in it
 * @param name name of the new file
 */
public record RewriteJob(
    TableId id,
    Table table,
    EncryptionManager encryption,
    RewritePlan plan,
    long snapshotId,
    Set<String> positionDeletes,
    DataFileName name)
    implements Work {

  /** Copies the set. */
  public RewriteJob {
    positionDeletes = Set.copyOf(positionDeletes);
  }

  @Override
  public RewrittenFile run(CpuThrottle throttle) throws IOException, InterruptedException {
    return new FileRewriter(this, throttle).rewrite();
  }

  /** The partition spec of the files. */
  public PartitionSpec spec() {
    return table.specs().get(plan.inputs().get(0).specId());
  }

  /** Where the new file goes. */
  public String location() {
    PartitionSpec spec = spec();
    String text = name.format("parquet");
    return spec.isUnpartitioned()
        ? table.locationProvider().newDataLocation(text)
        : table.locationProvider().newDataLocation(spec, plan.inputs().get(0).partition(), text);
  }
}
