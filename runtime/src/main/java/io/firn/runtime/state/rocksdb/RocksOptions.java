package io.firn.runtime.state.rocksdb;

/**
 * Memory that all state stores of a pipeline share.
 *
 * @param blockCacheBytes for blocks, filters and indexes read from files
 * @param memtableBytes for changes not yet in files
 */
public record RocksOptions(long blockCacheBytes, long memtableBytes) {
  /** 64 MiB each. */
  public static final RocksOptions DEFAULT = new RocksOptions(64L << 20, 64L << 20);

  /** Checks the lower bounds under which RocksDB would only thrash. */
  public RocksOptions {
    if (blockCacheBytes < 1 << 20 || memtableBytes < 1 << 20) {
      throw new IllegalArgumentException(
          "State needs at least 1 MiB of cache and of memtables: "
              + blockCacheBytes
              + "/"
              + memtableBytes);
    }
  }
}
