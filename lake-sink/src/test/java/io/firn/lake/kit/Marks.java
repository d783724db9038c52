package io.firn.lake.kit;

import io.firn.model.checkpoint.CheckpointMark;
import io.firn.model.schema.TableId;
import io.firn.model.source.SourceState;
import io.firn.model.stream.SourcePosition;
import java.util.Map;

/** Checkpoints of a pipeline whose position is a thousand times the checkpoint's number. */
public final class Marks {
  private Marks() {}

  public static SourcePosition position(long checkpointId) {
    return SourcePosition.binlog("binlog.000001", checkpointId * 1000, 0, null);
  }

  public static CheckpointMark mark(long epoch, long checkpointId) {
    return mark(epoch, checkpointId, true, Map.of());
  }

  public static CheckpointMark mark(
      long epoch, long checkpointId, boolean snapshotCompleted, Map<TableId, String> schemas) {
    return new CheckpointMark(
        TestTable.PIPELINE,
        epoch,
        checkpointId,
        new SourceState(position(checkpointId), snapshotCompleted, "offset", schemas),
        checkpointId == 1 ? null : position(checkpointId - 1));
  }
}
