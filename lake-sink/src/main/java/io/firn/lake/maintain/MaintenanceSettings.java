package io.firn.lake.maintain;

import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * What is tidied up, and when.
 *
 * @param expireSnapshots whether old snapshots are expired; their age is given by the table
 *     properties {@code history.expire.*}
 * @param maxSnapshots how many snapshots a table keeps at most, whatever their age; the metadata
 *     file, which every commit writes anew, lists them all
 * @param removeOrphans whether files of ours that no snapshot refers to are deleted
 * @param orphanAge how old they must be
 * @param interval how often a table is looked at
 * @param wallMillis the time of day in milliseconds since 1970, which ages of files and snapshots
 *     are measured with, and nothing else
 */
public record MaintenanceSettings(
    boolean expireSnapshots,
    int maxSnapshots,
    boolean removeOrphans,
    Duration orphanAge,
    Duration interval,
    LongSupplier wallMillis) {

  /** Nothing is tidied up. */
  public static final MaintenanceSettings OFF =
      new MaintenanceSettings(
          false, 2000, false, Duration.ofDays(3), Duration.ofMinutes(10), () -> 0);

  /** Checks the ranges. */
  public MaintenanceSettings {
    if (maxSnapshots < 1 || orphanAge.isNegative() || interval.isNegative()) {
      throw new IllegalArgumentException("Bad maintenance settings");
    }
  }
}
