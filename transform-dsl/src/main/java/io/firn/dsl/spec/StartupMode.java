package io.firn.dsl.spec;

import io.firn.dsl.field.FieldTypes;

/** Where a pipeline begins that has no checkpoint yet. */
public enum StartupMode implements FieldTypes.DashedName {
  /** With a snapshot of every table, followed by the binlog. */
  INITIAL,
  /** At the oldest place of the binlog, without a snapshot. */
  EARLIEST_OFFSET,
  /** At the end of the binlog, without a snapshot. */
  LATEST_OFFSET,
  /** At a given place of the binlog, without a snapshot. */
  SPECIFIC_OFFSET,
  /** At a given time, without a snapshot. */
  TIMESTAMP,
  /** With a snapshot, and ends after it. */
  SNAPSHOT
}
