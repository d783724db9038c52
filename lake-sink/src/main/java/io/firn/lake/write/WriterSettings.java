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
 * @param indexReaders threads that all tasks together read files with while they rebuild indexes
 *     from the tables; 0 to read them in the tasks' own
 */
public record WriterSettings(
    int bufferRows,
    long bufferBytes,
    int openFiles,
    long openFileBytes,
    long indexBytes,
    int indexReaders) {
  /**
   * What fits a small heap: 100,000 rows or 64 MiB buffered, 64 files or 128 MiB open, 512 MiB of
   * index; a reader per processor.
   */
  public static final WriterSettings DEFAULT =
      new WriterSettings(
          100_000,
          64L << 20,
          64,
          128L << 20,
          512L << 20,
          Runtime.getRuntime().availableProcessors());

  /** With the default settings of the index. */
  public WriterSettings(int bufferRows, long bufferBytes, int openFiles, long openFileBytes) {
    this(
        bufferRows,
        bufferBytes,
        openFiles,
        openFileBytes,
        DEFAULT.indexBytes,
        DEFAULT.indexReaders);
  }

  /** The same with other memory for the index. */
  public WriterSettings withIndexBytes(long bytes) {
    return new WriterSettings(
        bufferRows, bufferBytes, openFiles, openFileBytes, bytes, indexReaders);
  }

  /** The same with other threads for rebuilding indexes. */
  public WriterSettings withIndexReaders(int threads) {
    return new WriterSettings(
        bufferRows, bufferBytes, openFiles, openFileBytes, indexBytes, threads);
  }

  /** Checks that something fits. */
  public WriterSettings {
    if (bufferRows < 1 || bufferBytes < 1 || openFiles < 1 || openFileBytes < 1 || indexBytes < 1) {
      throw new IllegalArgumentException("Writer limits must be positive");
    }
    if (indexReaders < 0) {
      throw new IllegalArgumentException("A number of threads must not be negative");
    }
  }
}
