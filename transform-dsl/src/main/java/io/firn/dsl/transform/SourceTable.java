package io.firn.dsl.transform;

import io.firn.dsl.plan.CompiledTable;
import io.firn.dsl.plan.TargetColumn;
import io.firn.model.schema.TableId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What a transform knows of one source table.
 *
 * <p><b>Threading</b>: used by one thread.
 */
final class SourceTable {
  private final TableId id;
  private CompiledTable compiled;

  /** Names in the table's rule that stand for columns that have other names by now. */
  private Map<String, String> renamed = Map.of();

  SourceTable(TableId id, CompiledTable compiled) {
    this.id = id;
    this.compiled = compiled;
  }

  TableId id() {
    return id;
  }

  CompiledTable compiled() {
    return compiled;
  }

  Map<String, String> renamed() {
    return renamed;
  }

  void set(CompiledTable newCompiled, Map<String, String> newRenamed) {
    this.compiled = newCompiled;
    this.renamed = Map.copyOf(newRenamed);
  }

  /** The names in the rule, after columns were renamed (old name to new name). */
  Map<String, String> renamedBy(Map<String, String> names) {
    Map<String, String> result = new HashMap<>();
    renamed.forEach(
        (written, current) -> result.put(written, names.getOrDefault(current, current)));
    names.forEach(
        (old, current) -> {
          if (!renamed.containsValue(old)) {
            result.putIfAbsent(old, current);
          }
        });
    return result;
  }

  /** A newly compiled table that keeps the columns it lost, without values. */
  CompiledTable keepingColumns(CompiledTable next) {
    List<TargetColumn> columns = new ArrayList<>(next.columns());
    for (TargetColumn old : compiled.columns()) {
      if (next.column(old.name()).isEmpty()) {
        columns.add(TargetColumn.withoutValues(old.column()));
      }
    }
    return new CompiledTable(
        next.source(),
        next.rule(),
        columns,
        next.key(),
        next.filter(),
        next.filterVolatility(),
        next.filterText(),
        next.used());
  }
}
