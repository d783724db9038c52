package io.firn.dsl.plan;

import io.firn.dsl.table.PartitionField;
import io.firn.dsl.table.WriteMode;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * How a target table is to be created.
 *
 * @param partitionFields its partitioning
 * @param properties Iceberg table properties
 * @param writeMode how changes become rows; empty for the usual mode
 */
public record TableSettings(
    List<PartitionField> partitionFields,
    Map<String, String> properties,
    Optional<WriteMode> writeMode) {

  /** Copies the collections. */
  public TableSettings {
    partitionFields = List.copyOf(partitionFields);
    properties = Map.copyOf(properties);
  }
}
