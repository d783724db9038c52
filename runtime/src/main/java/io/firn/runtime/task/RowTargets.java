package io.firn.runtime.task;

import io.firn.model.row.KeyHash;
import io.firn.model.row.RowChange;
import io.firn.model.schema.TableSchema;
import io.firn.model.state.KeyGroups;
import io.firn.model.stream.SourcePosition;

/** Which task a row goes to. */
final class RowTargets {
  private RowTargets() {}

  /** The task that owns the row's key group; rows without a key are spread by their position. */
  static int of(RowChange change, int parallelism) {
    TableSchema schema = change.schema();
    int hash =
        schema.hasPrimaryKey()
            ? KeyHash.of(change.keyImage(), schema.keyIndexes())
            : positionHash(change.meta().position());
    return KeyGroups.taskOf(KeyGroups.ofHash(hash), parallelism);
  }

  private static int positionHash(SourcePosition position) {
    long mixed = (position.offset() * 31 + position.row()) * 0x9E3779B97F4A7C15L;
    return (int) (mixed >>> 32);
  }
}
