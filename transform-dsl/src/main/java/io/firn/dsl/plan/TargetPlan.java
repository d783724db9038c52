package io.firn.dsl.plan;

import io.firn.model.schema.TableId;
import io.firn.model.schema.TableSchema;
import java.util.List;

/**
 * One target table.
 *
 * @param schema its layout
 * @param sources the source tables that go into it, in the order of their names
 * @param settings how it is created
 */
public record TargetPlan(TableSchema schema, List<TableId> sources, TableSettings settings) {

  /** Copies the list. */
  public TargetPlan {
    sources = List.copyOf(sources);
  }

  /** Whether several source tables go into it. */
  public boolean isMerged() {
    return sources.size() > 1;
  }
}
