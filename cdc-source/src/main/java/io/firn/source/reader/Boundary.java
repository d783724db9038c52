package io.firn.source.reader;

import io.firn.model.schema.TableId;
import io.firn.model.source.SourceState;
import io.firn.model.stream.SourcePosition;
import java.util.Map;

/**
 * A place between two source transactions. Cheap: a source state is made of it only when a caller
 * asks.
 *
 * @param position the place to go on from
 * @param snapshotCompleted whether the place lies behind the initial snapshot
 * @param descriptions the source's descriptions of the tables at that place; immutable
 */
public record Boundary(
    SourcePosition position, boolean snapshotCompleted, Map<TableId, String> descriptions) {

  SourceState state() {
    return new SourceState(position, snapshotCompleted, position.encode(), descriptions);
  }
}
