package io.firn.lake;

import io.firn.model.schema.TableId;
import java.util.List;
import java.util.function.Predicate;

/**
 * How some tables are partitioned when they are created.
 *
 * @param tables which target tables the rule is for
 * @param expressions partition expressions in order, such as {@code day(created_at)}, {@code
 *     bucket(16, id)} or a column's name
 */
public record PartitionRule(Predicate<TableId> tables, List<String> expressions) {

  /** Copies the list. */
  public PartitionRule {
    expressions = List.copyOf(expressions);
  }

  /** The rule for one table. */
  public static PartitionRule of(TableId table, List<String> expressions) {
    return new PartitionRule(table::equals, expressions);
  }
}
