package io.firn.model.source;

import io.firn.model.schema.TableId;
import io.firn.model.stream.SourcePosition;
import java.util.Map;

/**
 * What a source needs in order to go on from a point in its stream. Immutable.
 *
 * @param position the place to go on from
 * @param snapshotCompleted false while the initial snapshot is not finished; such a state means
 *     that the snapshot is read again from its beginning
 * @param offset the source's own offset, in its own text form; opaque to everyone else; may be
 *     empty when the state was recovered from the lake, where only {@code position} is known
 * @param tableSchemas by source table, the source's own description of the table at this point
 *     ({@code SchemaChange.Origin#sourceSchema})
 */
public record SourceState(
    SourcePosition position,
    boolean snapshotCompleted,
    String offset,
    Map<TableId, String> tableSchemas) {

  /** Copies the map. */
  public SourceState {
    tableSchemas = Map.copyOf(tableSchemas);
  }
}
