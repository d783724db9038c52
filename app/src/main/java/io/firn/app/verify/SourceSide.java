package io.firn.app.verify;

import io.firn.model.row.Operation;
import io.firn.model.row.RowChange;
import io.firn.model.schema.TableId;
import io.firn.model.schema.TableSchema;
import io.firn.model.stream.SchemaChange;
import io.firn.model.stream.SourcePosition;
import io.firn.model.transform.Transform;
import io.firn.source.MySqlSourceOptions;
import io.firn.source.snapshot.SourceTableReader;
import java.util.List;

/**
 * The rows that a target table should have: those of its source tables, sent through the pipeline's
 * own transforms.
 */
final class SourceSide implements RowSide {
  private final MySqlSourceOptions options;
  private final Transform.Factory transforms;
  private final TableId target;
  private final List<TableId> sources;

  /**
   * @param sources the source tables whose rows go to the target
   */
  SourceSide(
      MySqlSourceOptions options,
      Transform.Factory transforms,
      TableId target,
      List<TableId> sources) {
    this.options = options;
    this.transforms = transforms;
    this.target = target;
    this.sources = List.copyOf(sources);
  }

  @Override
  public void scan(RowVisitor visitor) {
    for (TableId source : sources) {
      try (SourceTableReader reader = SourceTableReader.open(options, source)) {
        Transform transform = transforms.create();
        announce(transform, reader.schema());
        Counter counter = new Counter();
        reader.forEach(
            row -> {
              RowChange.Meta meta =
                  new RowChange.Meta(SourcePosition.snapshot(counter.rows++), null, 0);
              transform.apply(
                  new RowChange(reader.schema(), Operation.READ, null, row, meta),
                  change -> {
                    if (change.table().equals(target)) {
                      visitor.row(change.schema(), change.after());
                    }
                  });
            });
      }
    }
  }

  private static final class Counter {
    private long rows;
  }

  /** The layout that the target has according to the source, if every source table agrees. */
  TableSchema layout() {
    for (TableId source : sources) {
      try (SourceTableReader reader = SourceTableReader.open(options, source)) {
        for (SchemaChange change : announce(transforms.create(), reader.schema())) {
          if (change.table().equals(target)) {
            return change.schemaAfter();
          }
        }
      }
    }
    throw new IllegalStateException("No source table leads to " + target);
  }

  private static List<SchemaChange> announce(Transform transform, TableSchema schema) {
    SchemaChange.Origin origin =
        new SchemaChange.Origin(schema.table(), SourcePosition.snapshot(0), "", "");
    return transform.apply(new SchemaChange.CreateTable(schema, origin));
  }
}
