package io.firn.lake.guard;

import org.apache.iceberg.TableMetadata;

/** Looks at a table's refreshed metadata before anything is built upon it. */
@FunctionalInterface
public interface MetadataGuard {

  /**
   * Refuses by throwing. What it throws must not be a {@code CleanableFailure} of Iceberg: those
   * make Iceberg delete the manifests of the attempt, which may have been committed.
   */
  void check(TableMetadata refreshed);
}
