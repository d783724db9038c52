package io.firn.dsl.spec;

import io.firn.dsl.finding.Position;
import io.firn.dsl.table.TableTemplate;
import io.firn.model.pattern.TablePattern;
import io.firn.model.schema.TableId;
import java.util.Optional;

/**
 * One {@code route} rule.
 *
 * @param position where it stands
 * @param index its number in the list, from 0
 * @param sourceTable the tables it is for
 * @param sinkTable the target
 * @param replaceSymbol what stands for the source table's name in the target, if anything
 * @param description a note; may be empty
 */
public record RouteRule(
    Position position,
    int index,
    TablePattern sourceTable,
    TableTemplate sinkTable,
    Optional<String> replaceSymbol,
    String description) {

  /** The rule's path in the file, such as {@code route[0]}. */
  public String path() {
    return "route[" + index + "]";
  }

  /** Where a table goes, empty if the rule is not for it. */
  public Optional<TableId> target(TableId table) {
    return sourceTable
        .match(table)
        .map(
            groups ->
                replaceSymbol
                    .map(symbol -> sinkTable.replace(symbol, table.name()))
                    .orElseGet(() -> sinkTable.fill(groups)));
  }
}
