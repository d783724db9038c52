package io.firn.lake.table;

import org.apache.iceberg.StructLike;

/**
 * A data file as the index knows it.
 *
 * @param fileId the number by which locations refer to the file; unique in its table for ever, and
 *     part of the file's name ({@link DataFileName})
 * @param path the file's location as the table's metadata spells it
 * @param specId id of the partition spec it was written with
 * @param partition its partition tuple in that spec
 */
public record DataFileRef(long fileId, String path, int specId, StructLike partition) {}
