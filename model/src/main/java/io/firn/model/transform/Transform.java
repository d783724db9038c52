package io.firn.model.transform;

import io.firn.model.row.RowChange;
import io.firn.model.stream.SchemaChange;
import java.util.List;
import java.util.function.Consumer;

/**
 * Turns source changes into changes of target tables: projection, filter, key, route.
 *
 * <p>One instance serves one task. It learns the source tables' layouts from the schema changes.
 *
 * <p><b>Threading</b>: used by one thread at a time.
 */
public interface Transform {

  /**
   * Transforms one change into none, one or several (a key that changed: a DELETE and an INSERT).
   *
   * @throws io.firn.model.error.RowException if an expression fails on this row
   */
  void apply(RowChange change, Consumer<RowChange> out);

  /** What a source schema change means for target tables; possibly nothing. */
  List<SchemaChange> apply(SchemaChange change);

  /** Creates transforms for tasks; thread-safe. */
  interface Factory {
    /** A new instance, without any knowledge of tables. */
    Transform create();

    /**
     * Whether every change keeps the values and the order of its key, so that a row's key group is
     * the same before and after. Otherwise rows are exchanged again after the transform.
     */
    boolean preservesKeys();
  }

  /** Passes everything through unchanged. */
  Factory IDENTITY =
      new Factory() {
        @Override
        public Transform create() {
          return new Transform() {
            @Override
            public void apply(RowChange change, Consumer<RowChange> out) {
              out.accept(change);
            }

            @Override
            public List<SchemaChange> apply(SchemaChange change) {
              return List.of(change);
            }
          };
        }

        @Override
        public boolean preservesKeys() {
          return true;
        }
      };
}
