package io.firn.lake;

import io.firn.model.schema.TableId;
import java.util.Map;
import java.util.function.Predicate;

/**
 * Table properties for some of the tables that the sink creates.
 *
 * @param tables which target tables the rule is for
 * @param properties they win over those for all tables
 */
public record PropertyRule(Predicate<TableId> tables, Map<String, String> properties) {

  /** Copies the map. */
  public PropertyRule {
    properties = Map.copyOf(properties);
  }
}
