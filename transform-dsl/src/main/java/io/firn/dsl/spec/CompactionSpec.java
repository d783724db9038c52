package io.firn.dsl.spec;

/**
 * How files of the lake are compacted, from the {@code sink} section.
 *
 * @param enabled whether they are while the pipeline runs
 * @param targetFileBytes size that files are brought to; 0 for the table's own
 * @param minInputFiles how many small files of a partition make a rewrite worthwhile
 * @param deleteRatio share of deleted rows from which on a file is rewritten
 * @param cpuShare share of the machine's processors that rewriting may use
 * @param concurrentRewrites how many rewrites run at once
 * @param minDeleteFiles how many position delete files for one data file are merged
 */
public record CompactionSpec(
    boolean enabled,
    long targetFileBytes,
    int minInputFiles,
    double deleteRatio,
    double cpuShare,
    int concurrentRewrites,
    int minDeleteFiles) {}
