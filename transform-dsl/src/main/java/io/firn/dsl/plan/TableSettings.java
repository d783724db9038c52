package io.firn.dsl.plan;

import io.firn.dsl.table.PartitionField;
import java.util.List;
import java.util.Map;

/**
 * How a target table is to be created.
 *
 * @param partitionFields its partitioning
 * @param properties Iceberg table properties
 */
public record TableSettings(List<PartitionField> partitionFields, Map<String, String> properties) {

  /** Copies the collections. */
  public TableSettings {
    partitionFields = List.copyOf(partitionFields);
    properties = Map.copyOf(properties);
  }
}
