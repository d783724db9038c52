package io.firn.dsl.spec;

import io.firn.dsl.finding.Position;
import io.firn.dsl.table.PartitionField;
import io.firn.model.pattern.TablePattern;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * One {@code transform} rule.
 *
 * @param position where it stands
 * @param index its number in the list, from 0
 * @param sourceTable the tables it is for
 * @param projection target columns; empty for the source's
 * @param filter condition; empty for all rows
 * @param primaryKeys target key columns; empty for the source's key
 * @param primaryKeysPosition where they are named
 * @param partitionKeys partitioning; empty if not given
 * @param partitionKeysPosition where it is given
 * @param tableOptions table properties
 * @param softDelete whether deletes become upserts
 * @param description a note; may be empty
 */
public record TransformRule(
    Position position,
    int index,
    TablePattern sourceTable,
    Optional<SqlText> projection,
    Optional<SqlText> filter,
    List<String> primaryKeys,
    Position primaryKeysPosition,
    List<PartitionField> partitionKeys,
    Position partitionKeysPosition,
    Map<String, String> tableOptions,
    boolean softDelete,
    String description) {

  /** Copies the collections. */
  public TransformRule {
    primaryKeys = List.copyOf(primaryKeys);
    partitionKeys = List.copyOf(partitionKeys);
    tableOptions =
        java.util.Collections.unmodifiableMap(new java.util.LinkedHashMap<>(tableOptions));
  }

  /** The rule's path in the file, such as {@code transform[0]}. */
  public String path() {
    return "transform[" + index + "]";
  }

  /** The same rule for all columns of the source. */
  public TransformRule withoutProjection() {
    return new TransformRule(
        position,
        index,
        sourceTable,
        Optional.empty(),
        filter,
        List.of(),
        primaryKeysPosition,
        partitionKeys,
        partitionKeysPosition,
        tableOptions,
        false,
        description);
  }
}
