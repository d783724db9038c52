package io.firn.lake.registry;

import io.firn.lake.guard.Marker;
import io.firn.lake.guard.SourceSchema;
import io.firn.lake.guard.TableMark;
import io.firn.model.error.InconsistentStateException;
import io.firn.model.schema.TableId;
import io.firn.model.sink.Sink.LakeState;
import io.firn.model.sink.TableState;
import io.firn.model.source.SourceState;
import io.firn.model.stream.SourcePosition;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What the tables remember together. Pure functions.
 *
 * <p><b>Assumption</b>: a checkpoint's commits begin only after those of the checkpoint before it
 * have ended in all tables. So if a table lacks the newest checkpoint, nothing before that
 * checkpoint is missing anywhere.
 */
final class LakeStates {
  private LakeStates() {}

  /**
   * The state of a pipeline's tables; empty if there are none. Tables that were created but never
   * committed to know an epoch only: then there is neither a newest checkpoint nor a state.
   */
  static Optional<LakeState> of(Map<TableId, TableMark> tables) {
    Marker latest = null;
    long maxEpoch = 0;
    for (TableMark mark : tables.values()) {
      maxEpoch = Math.max(maxEpoch, mark.epoch());
      Marker newest = mark.newest().orElse(null);
      if (newest == null) {
        continue;
      }
      maxEpoch = Math.max(maxEpoch, newest.epoch());
      if (latest == null || newest.checkpointId() > latest.checkpointId()) {
        latest = newest;
      } else if (newest.checkpointId() == latest.checkpointId() && !newest.sameCheckpoint(latest)) {
        throw new InconsistentStateException(
            "The tables of pipeline '"
                + latest.pipelineId()
                + "' cannot be continued: some contain "
                + latest.describe()
                + " and some "
                + newest.describe()
                + "; bring them to the same state. If that cannot be done, mirror anew into new tables"
                + " under another pipeline name");
      }
    }
    if (latest == null) {
      return maxEpoch == 0
          ? Optional.empty()
          : Optional.of(new LakeState(null, null, maxEpoch, List.of()));
    }
    List<TableId> incomplete = new ArrayList<>();
    for (TableId table : latest.tables()) {
      TableMark mark = tables.get(table);
      Marker newest = mark == null ? null : mark.newest().orElse(null);
      if (newest == null || newest.checkpointId() != latest.checkpointId()) {
        incomplete.add(table);
      }
    }
    SourceState resumeFrom = resumeFrom(latest, incomplete.isEmpty(), tables);
    return Optional.of(
        new LakeState(
            latest.toMark(sourceSchemas(tables, latest.position())),
            resumeFrom,
            maxEpoch,
            List.copyOf(incomplete),
            expectedTables(latest, tables)));
  }

  /**
   * Those that the newest checkpoint knows. Tables that have it say the same unless one of them was
   * committed to once more after a restart; then the one that knows more of them counts.
   */
  private static List<TableState> expectedTables(Marker latest, Map<TableId, TableMark> tables) {
    return tables.values().stream()
        .flatMap(mark -> mark.newest().stream())
        .filter(marker -> marker.checkpointId() == latest.checkpointId())
        .map(Marker::expectedTables)
        .max(Comparator.comparingInt(List::size))
        .orElse(List.of());
  }

  private static SourceState resumeFrom(
      Marker latest, boolean complete, Map<TableId, TableMark> tables) {
    SourcePosition position = complete ? latest.position() : latest.previousPosition();
    if (position == null) {
      position = SourcePosition.snapshot(0);
    }
    boolean snapshotCompleted = complete ? latest.snapshotCompleted() : !position.snapshot();
    return new SourceState(position, snapshotCompleted, "", sourceSchemas(tables, position));
  }

  private static Map<TableId, String> sourceSchemas(
      Map<TableId, TableMark> tables, SourcePosition position) {
    Map<TableId, String> texts = new HashMap<>();
    // A source table may have led to another target once, which keeps an old description.
    tables.values().stream()
        .sorted(
            Comparator.comparingLong(mark -> mark.newest().map(Marker::checkpointId).orElse(0L)))
        .flatMap(mark -> mark.sourceSchemas().values().stream())
        .sorted(Comparator.comparingLong(SourceSchema::checkpointId))
        .forEach(schema -> texts.put(schema.sourceTable(), schema.at(position)));
    return texts;
  }

  /**
   * The position before which a table already contains everything although reading goes on from
   * further back; null if there is no such thing.
   */
  static SourcePosition committedPosition(LakeState state, TableMark table) {
    if (state.latest() == null
        || state.incompleteTables().isEmpty()
        || !state.resumeFrom().snapshotCompleted()) {
      return null;
    }
    return table
        .newest()
        .map(Marker::position)
        .filter(position -> position.compareTo(state.resumeFrom().position()) > 0)
        .orElse(null);
  }
}
