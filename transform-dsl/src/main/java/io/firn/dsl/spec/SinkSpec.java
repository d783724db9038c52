package io.firn.dsl.spec;

import io.firn.dsl.field.PropertyMap;
import io.firn.dsl.finding.Position;
import io.firn.dsl.table.PartitionKeys;
import io.firn.dsl.table.WriteModes;

/**
 * The {@code sink} section.
 *
 * @param position where it stands
 * @param name a name for people; may be empty
 * @param catalogProperties properties of the Iceberg catalog, without the prefix
 * @param tableProperties properties of the tables that are created, without the prefix
 * @param partitionKeys partitioning of the tables that are created
 * @param partitionKeyPosition where it is given
 * @param writeModes how changes become rows
 * @param writeModePosition where it is given
 * @param hadoopConfiguration Hadoop configuration, without the prefix
 * @param compaction how files are compacted
 * @param maintenance what else is tidied up
 */
public record SinkSpec(
    Position position,
    String name,
    PropertyMap catalogProperties,
    PropertyMap tableProperties,
    PartitionKeys partitionKeys,
    Position partitionKeyPosition,
    WriteModes writeModes,
    Position writeModePosition,
    PropertyMap hadoopConfiguration,
    CompactionSpec compaction,
    MaintenanceSpec maintenance) {}
