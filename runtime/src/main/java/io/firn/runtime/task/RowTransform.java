package io.firn.runtime.task;

import io.firn.model.error.RowException;
import io.firn.model.row.RowChange;
import io.firn.model.transform.Transform;
import java.util.List;
import java.util.function.Consumer;

/**
 * Applies a transform to batches and says which row an error is about.
 *
 * <p><b>Threading</b>: one thread.
 */
final class RowTransform {
  private static final int MAX_NAME_LENGTH = 200;

  private final Transform transform;

  RowTransform(Transform transform) {
    this.transform = transform;
  }

  Transform transform() {
    return transform;
  }

  /**
   * Transforms rows in order.
   *
   * @throws RowException naming table and position, for the first row that fails
   */
  void apply(List<RowChange> changes, Consumer<RowChange> out) {
    int i = 0;
    try {
      for (int size = changes.size(); i < size; i++) {
        transform.apply(changes.get(i), out);
      }
    } catch (RowException e) {
      RowChange change = changes.get(i);
      throw new RowException(
          "Cannot transform a row ("
              + change.operation()
              + ") of table '"
              + printable(change.table().toString())
              + "' at source position "
              + change.meta().position()
              + ": "
              + e.getMessage(),
          e);
    }
  }

  /** Names come from the source: no control characters, no endless text in a message. */
  private static String printable(String name) {
    StringBuilder out = new StringBuilder();
    name.codePoints()
        .limit(MAX_NAME_LENGTH)
        .forEach(
            c -> {
              if (Character.isISOControl(c)) {
                out.append(String.format("\\u%04x", c));
              } else {
                out.appendCodePoint(c);
              }
            });
    return out.toString();
  }
}
