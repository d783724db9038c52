package io.firn.lake.layout;

import io.firn.lake.table.TableLayout;
import org.apache.iceberg.PartitionSpec;
import org.apache.iceberg.SortOrder;
import org.apache.iceberg.TableMetadata;
import org.apache.iceberg.TableOperations;
import org.apache.iceberg.io.FileIO;
import org.apache.iceberg.io.LocationProvider;

/**
 * A table that consists of a schema only and is nowhere stored, so that Iceberg's own code for
 * schema updates can be asked what it would do.
 *
 * <p><b>Threading</b>: one thread.
 */
final class InMemoryTableOperations implements TableOperations {
  private TableMetadata metadata;

  InMemoryTableOperations(TableLayout layout) {
    this.metadata =
        TableMetadata.buildFromEmpty(layout.formatVersion())
            .setLocation("memory:layout")
            .setCurrentSchema(layout.schema(), layout.lastColumnId())
            .setDefaultPartitionSpec(PartitionSpec.unpartitioned())
            .setDefaultSortOrder(SortOrder.unsorted())
            .discardChanges()
            .build();
  }

  @Override
  public TableMetadata current() {
    return metadata;
  }

  @Override
  public TableMetadata refresh() {
    return metadata;
  }

  @Override
  public void commit(TableMetadata base, TableMetadata changed) {
    metadata = changed;
  }

  @Override
  public FileIO io() {
    throw new UnsupportedOperationException("A layout has no files");
  }

  @Override
  public String metadataFileLocation(String fileName) {
    throw new UnsupportedOperationException("A layout has no files");
  }

  @Override
  public LocationProvider locationProvider() {
    throw new UnsupportedOperationException("A layout has no files");
  }
}
