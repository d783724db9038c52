package io.firn.dsl.plan;

import io.firn.dsl.expression.Expression;
import io.firn.dsl.spec.TransformRule;
import io.firn.dsl.sql.Volatility;
import io.firn.model.schema.Column;
import io.firn.model.schema.TableSchema;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * What a transform rule makes of one source table in one layout.
 *
 * <p><b>Threading</b>: used by one thread, because expressions may be (see {@link Expression}).
 *
 * @param source the source table's layout
 * @param rule the rule; empty if none matched
 * @param columns the target's columns in order
 * @param key names of the target's key columns in key order
 * @param filter condition for rows; empty for all
 * @param filterVolatility what the condition depends on besides the row
 * @param filterText the condition as written
 * @param used names of the source columns that expressions and filter use
 */
public record CompiledTable(
    TableSchema source,
    Optional<TransformRule> rule,
    List<TargetColumn> columns,
    List<String> key,
    Optional<Expression> filter,
    Volatility filterVolatility,
    Optional<TargetColumn.ExpressionText> filterText,
    Set<String> used) {

  /** Copies the collections. */
  public CompiledTable {
    columns = List.copyOf(columns);
    key = List.copyOf(key);
    used = Set.copyOf(used);
  }

  /** The target's column with that name. */
  public Optional<TargetColumn> column(String name) {
    return columns.stream().filter(c -> c.name().equals(name)).findFirst();
  }

  /** Whether deletes become upserts. */
  public boolean softDelete() {
    return rule.isPresent() && rule.get().softDelete();
  }

  /** Whether every row passes exactly as it is. */
  public boolean isIdentity() {
    if (filter.isPresent() || softDelete() || columns.size() != source.columns().size()) {
      return false;
    }
    for (int i = 0; i < columns.size(); i++) {
      Column column = source.columns().get(i);
      boolean passed = columns.get(i).source().equals(Optional.of(column.name()));
      if (!passed || !columns.get(i).column().equals(column)) {
        return false;
      }
    }
    return key.equals(source.primaryKey());
  }

  /**
   * Whether the key's values reach the target unchanged and in the same order, so that a row keeps
   * its key group.
   *
   * @param target the target's final layout, whose types may be wider
   */
  public boolean preservesKey(TableSchema target) {
    if (key.size() != source.primaryKey().size()) {
      return false;
    }
    for (int i = 0; i < key.size(); i++) {
      String sourceName = source.primaryKey().get(i);
      Optional<TargetColumn> column = column(key.get(i));
      if (column.isEmpty() || !column.get().source().equals(Optional.of(sourceName))) {
        return false;
      }
      var from = source.columns().get(source.indexOf(sourceName)).type();
      var to = target.columns().get(target.indexOf(key.get(i))).type();
      // KeyHash gives an int and the equal long the same hash; other conversions change it.
      boolean widened =
          from.typeId() == org.apache.iceberg.types.Type.TypeID.INTEGER
              && to.typeId() == org.apache.iceberg.types.Type.TypeID.LONG;
      if (!widened && !Objects.equals(from, to)) {
        return false;
      }
    }
    return true;
  }
}
