package io.firn.lake.table;

import io.firn.model.stream.SchemaChange;

/** The target tables of one life of the pipeline. Thread-safe. */
public interface LakeTables {

  /**
   * The table that a source table's announcement leads to: created in the catalog when it does not
   * exist, loaded otherwise. The first call in a life does the work; later ones, by other tasks,
   * get the same object.
   *
   * @throws io.firn.model.error.ConfigurationException if the table exists but cannot be taken
   *     over, with what to do
   */
  LakeTable announce(SchemaChange.CreateTable change);
}
