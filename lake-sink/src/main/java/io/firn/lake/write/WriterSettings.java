package io.firn.lake.write;

/**
 * Limits on what one task's writer holds in memory, over all its tables.
 *
 * @param bufferRows rows and tombstones in write buffers before they are written to files
 * @param bufferBytes approximate bytes of the same
 * @param openFiles data files open at once
 * @param openFileBytes approximate bytes in open data files that are not yet on storage
 * @param indexBytes memory outside the heap for the key index; beyond it, keys are looked up in the
 *     task's state
 */
public record WriterSettings(
    int bufferRows, long bufferBytes, int openFiles, long openFileBytes, long indexBytes) {
  /**
   * What fits a small heap: 100,000 rows or 64 MiB buffered, 64 files or 128 MiB open, 512 MiB of
   * index.
   */
  public static final WriterSettings DEFAULT =
      new WriterSettings(100_000, 64L << 20, 64, 128L << 20, 512L << 20);

  /** The same with the default limit of the index. */
  public WriterSettings(int bufferRows, long bufferBytes, int openFiles, long openFileBytes) {
    this(bufferRows, bufferBytes, openFiles, openFileBytes, DEFAULT.indexBytes);
  }

  /** Checks that something fits. */
  public WriterSettings {
    if (bufferRows < 1 || bufferBytes < 1 || openFiles < 1 || openFileBytes < 1 || indexBytes < 1) {
      throw new IllegalArgumentException("Writer limits must be positive");
    }
  }
}
