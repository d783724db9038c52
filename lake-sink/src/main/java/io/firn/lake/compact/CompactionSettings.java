package io.firn.lake.compact;

/**
 * When files are compacted, and what that may cost.
 *
 * @param enabled whether files are compacted while the pipeline runs
 * @param targetFileBytes size that files are brought to; 0 for the table's {@code
 *     write.target-file-size-bytes}
 * @param minInputFiles how many small files of a partition make a rewrite worthwhile
 * @param deleteRatio share of deleted rows from which on a file is rewritten by itself
 * @param minDeletedRows deleted rows below which it is not, whatever their share
 * @param cpuShare share of the machine's processors that rewriting may use, over 0 up to 1
 * @param concurrentRewrites how many rewrites may run at once; each holds a few row groups in
 *     memory
 * @param minDeleteFiles how many position delete files that a reader of one data file has to read
 *     make merging them worthwhile; format version 2 only
 */
public record CompactionSettings(
    boolean enabled,
    long targetFileBytes,
    int minInputFiles,
    double deleteRatio,
    long minDeletedRows,
    double cpuShare,
    int concurrentRewrites,
    int minDeleteFiles) {
  private static final int MIN_DELETE_FILES = 50;

  /** No compaction. */
  public static final CompactionSettings OFF =
      new CompactionSettings(false, 0, 10, 0.2, 1000, 0.2, 1);

  /** Compaction as it is without any setting. */
  public static final CompactionSettings DEFAULT =
      new CompactionSettings(true, 0, 10, 0.2, 1000, 0.2, 1);

  /** Files below this share of the target are small, as in Iceberg's own rewrites. */
  static final double SMALL = 0.75;

  /** With the usual number of delete files. */
  public CompactionSettings(
      boolean enabled,
      long targetFileBytes,
      int minInputFiles,
      double deleteRatio,
      long minDeletedRows,
      double cpuShare,
      int concurrentRewrites) {
    this(
        enabled,
        targetFileBytes,
        minInputFiles,
        deleteRatio,
        minDeletedRows,
        cpuShare,
        concurrentRewrites,
        MIN_DELETE_FILES);
  }

  /** The same without a limit on processor time. */
  public CompactionSettings unthrottled() {
    return new CompactionSettings(
        enabled,
        targetFileBytes,
        minInputFiles,
        deleteRatio,
        minDeletedRows,
        1,
        concurrentRewrites,
        minDeleteFiles);
  }

  /** Checks the ranges. */
  public CompactionSettings {
    if (targetFileBytes < 0
        || minInputFiles < 2
        || !(deleteRatio > 0)
        || minDeletedRows < 0
        || !(cpuShare > 0)
        || cpuShare > 1
        || concurrentRewrites < 1
        || minDeleteFiles < 2) {
      throw new IllegalArgumentException("Bad compaction settings");
    }
  }
}
