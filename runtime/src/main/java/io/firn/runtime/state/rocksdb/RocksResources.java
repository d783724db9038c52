package io.firn.runtime.state.rocksdb;

import java.util.List;
import org.rocksdb.BlockBasedTableConfig;
import org.rocksdb.BloomFilter;
import org.rocksdb.Cache;
import org.rocksdb.ColumnFamilyOptions;
import org.rocksdb.CompactionStyle;
import org.rocksdb.CompressionType;
import org.rocksdb.DBOptions;
import org.rocksdb.FlushOptions;
import org.rocksdb.IndexType;
import org.rocksdb.InfoLogLevel;
import org.rocksdb.LRUCache;
import org.rocksdb.ReadOptions;
import org.rocksdb.RocksDB;
import org.rocksdb.WriteBufferManager;
import org.rocksdb.WriteOptions;

/**
 * The native options, block cache and write buffers that all stores of a backend share.
 *
 * <p><b>Invariants</b>: cache and memtables together stay within the configured sum, however many
 * stores and tables there are, because the write buffer manager charges memtables to the cache.
 *
 * <p><b>Threading</b>: thread-safe; closed after all databases that use it.
 */
final class RocksResources implements AutoCloseable {
  /** Sorted runs after which some are merged; a look-up may have to try as many filters. */
  private static final int SORTED_RUNS = 8;

  static {
    RocksDB.loadLibrary();
  }

  /**
   * RocksDB's own choice would be 64 shards of 2 MiB here, which hold no block of 2 MiB, and spare
   * none for filters.
   */
  private static final int CACHE_SHARD_BITS = 2;

  private static final double CACHE_SHARE_FOR_FILTERS = 0.5;
  private static final int METADATA_BLOCK_BYTES = 8 << 10;

  private final Cache cache;
  private final WriteBufferManager writeBuffers;
  private final BloomFilter bloom = new BloomFilter(10);
  final DBOptions database;
  final ColumnFamilyOptions table;
  final WriteOptions write = new WriteOptions().setDisableWAL(true);
  final ReadOptions read = new ReadOptions();
  final ReadOptions scan = new ReadOptions().setFillCache(false).setReadaheadSize(2 << 20);
  final FlushOptions flush = new FlushOptions().setWaitForFlush(true).setAllowWriteStall(true);

  RocksResources(RocksOptions options) {
    cache =
        new LRUCache(
            options.blockCacheBytes() + options.memtableBytes(),
            CACHE_SHARD_BITS,
            false,
            CACHE_SHARE_FOR_FILTERS);
    writeBuffers = new WriteBufferManager(options.memtableBytes(), cache);
    database =
        new DBOptions()
            .setCreateIfMissing(true)
            .setCreateMissingColumnFamilies(true)
            .setWriteBufferManager(writeBuffers)
            // Checkpoints flush; what is younger than the last one is redone after a crash.
            .setAvoidFlushDuringShutdown(true)
            .setMaxBackgroundJobs(2)
            .setInfoLogLevel(InfoLogLevel.ERROR_LEVEL)
            .setKeepLogFileNum(1)
            .setStatsDumpPeriodSec(0);
    table =
        new ColumnFamilyOptions()
            .setWriteBufferSize(Math.max(1 << 20, options.memtableBytes() / 4))
            .setCompressionType(CompressionType.LZ4_COMPRESSION)
            // State is written in sorted batches over all keys. Merging each into levels would
            // write
            // all of the state again for every few of them; runs of equal size are merged instead.
            .setCompactionStyle(CompactionStyle.UNIVERSAL)
            .setLevel0FileNumCompactionTrigger(SORTED_RUNS)
            .setTableFormatConfig(
                new BlockBasedTableConfig()
                    .setBlockCache(cache)
                    .setFilterPolicy(bloom)
                    // In pieces: the filter of a whole file is several MiB, and a cache that cannot
                    // hold all of them would read one anew for every few lookups.
                    .setIndexType(IndexType.kTwoLevelIndexSearch)
                    .setPartitionFilters(true)
                    .setMetadataBlockSize(METADATA_BLOCK_BYTES)
                    .setPinTopLevelIndexAndFilter(true)
                    .setCacheIndexAndFilterBlocks(true)
                    .setCacheIndexAndFilterBlocksWithHighPriority(true)
                    .setPinL0FilterAndIndexBlocksInCache(true));
  }

  @Override
  public void close() {
    for (AutoCloseable resource :
        List.of(flush, scan, read, write, table, database, bloom, writeBuffers, cache)) {
      try {
        resource.close();
      } catch (Exception e) {
        throw new IllegalStateException("Cannot release RocksDB's memory: " + e.getMessage(), e);
      }
    }
  }
}
