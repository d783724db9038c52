package io.firn.dsl.spec;

import java.time.Duration;

/**
 * What is tidied up in the lake, from the {@code sink} section.
 *
 * @param expireSnapshots whether old snapshots are expired
 * @param maxSnapshots how many snapshots a table keeps at most
 * @param removeOrphans whether files of ours that no snapshot refers to are deleted
 * @param orphanAge how old they must be
 * @param interval how often a table is looked at
 */
public record MaintenanceSpec(
    boolean expireSnapshots,
    int maxSnapshots,
    boolean removeOrphans,
    Duration orphanAge,
    Duration interval) {}
