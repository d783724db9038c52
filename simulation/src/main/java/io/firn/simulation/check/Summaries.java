package io.firn.simulation.check;

import java.io.IOException;
import java.io.UncheckedIOException;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.TableMetadata;
import org.apache.iceberg.util.JsonUtil;

/** The words that the pipeline leaves in a table, spelt out here a second time on purpose. */
final class Summaries {
  static final String OPERATION = "firn.operation";
  static final String EPOCH = "firn.epoch";
  static final String OWNER = "firn.owner";
  static final String CHECKPOINT = "firn.checkpoint-id";
  static final String POSITION = "firn.position";
  static final String SNAPSHOT_COMPLETED = "firn.snapshot-completed";

  private Summaries() {}

  /** The marker in a table property: what it says of the table's newest checkpoint. */
  record Mark(long epoch, long checkpoint, String position, boolean snapshotCompleted) {}

  static Mark property(TableMetadata metadata) {
    String json = metadata.properties().get("firn.checkpoint");
    if (json == null) {
      return null;
    }
    try {
      var node = JsonUtil.mapper().readTree(json);
      return new Mark(
          node.get("epoch").asLong(),
          node.get("checkpoint-id").asLong(),
          node.get("position").asText(),
          node.get("snapshot-completed").asBoolean());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static Mark summary(Snapshot snapshot) {
    var summary = snapshot.summary();
    if (!summary.containsKey(CHECKPOINT)) {
      return null;
    }
    return new Mark(
        Long.parseLong(summary.get(EPOCH)),
        Long.parseLong(summary.get(CHECKPOINT)),
        summary.get(POSITION),
        Boolean.parseBoolean(summary.get(SNAPSHOT_COMPLETED)));
  }

  static boolean isCheckpoint(Snapshot snapshot) {
    return "checkpoint".equals(snapshot.summary().get(OPERATION));
  }

  static long epoch(TableMetadata metadata) {
    return metadata == null ? 0 : Long.parseLong(metadata.properties().getOrDefault(EPOCH, "0"));
  }
}
