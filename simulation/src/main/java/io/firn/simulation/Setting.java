package io.firn.simulation;

import io.firn.lake.LakeSinkOptions;
import io.firn.lake.PartitionRule;
import io.firn.lake.WriteModeRule;
import io.firn.lake.compact.CompactionSettings;
import io.firn.lake.maintain.MaintenanceSettings;
import io.firn.lake.table.WriteMode;
import io.firn.lake.write.WriterSettings;
import io.firn.model.schema.TableId;
import io.firn.model.transform.Transform;
import io.firn.simulation.fault.Fault;
import io.firn.simulation.source.HistoryGenerator;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.LongSupplier;

/**
 * What a run is set up with, drawn from its seed.
 *
 * @param formatVersion of the lake's tables
 * @param rest whether the catalog is a REST catalog, which commits several tables at once
 * @param tables how many source tables
 * @param initialRows how many rows they have in the beginning
 * @param statementRate how many of the transactions are DDL
 * @param partitions partition expressions of the lake's tables
 * @param faultRate probability of most faults at each operation
 * @param rocksDb whether keyed state is in RocksDB, and not in memory
 * @param foreigners whether others write to the tables
 * @param exchangedTwice whether transforms are tasks of their own, and rows are exchanged again
 *     behind them
 * @param compaction whether and when files are compacted
 * @param modes how tables are written; usually where they are not named
 * @param maintenance whether snapshots are expired and files removed
 */
record Setting(
    int formatVersion,
    boolean rest,
    int tables,
    int initialRows,
    double statementRate,
    List<String> partitions,
    double faultRate,
    boolean rocksDb,
    boolean foreigners,
    boolean exchangedTwice,
    CompactionSettings compaction,
    Map<TableId, WriteMode> modes,
    MaintenanceSettings maintenance) {
  private static final int INDEX_PAGE_BYTES = 4096;
  private static final List<WriteMode> KEYED =
      List.of(
          WriteMode.HISTORY,
          WriteMode.HISTORY,
          WriteMode.SOFT_DELETE,
          WriteMode.SOFT_DELETE,
          WriteMode.UPSERT,
          WriteMode.APPEND,
          WriteMode.APPEND_AFTER);

  static Setting of(Scenario scenario, LongSupplier millis) {
    Random upkeep = scenario.random("upkeep");
    long[] targets = {2_500, 6_000, 100_000};
    CompactionSettings compaction =
        new CompactionSettings(
            upkeep.nextInt(3) != 0 && !scenario.without().contains(Fault.COMPACTION),
            targets[upkeep.nextInt(targets.length)],
            2 + upkeep.nextInt(3),
            0.1 + upkeep.nextDouble() / 2,
            1,
            1,
            1 + upkeep.nextInt(2),
            scenario.without().contains(Fault.DELETE_MERGE)
                ? Integer.MAX_VALUE
                : 2 + scenario.random("merging").nextInt(4));
    MaintenanceSettings maintenance =
        new MaintenanceSettings(
            upkeep.nextInt(3) != 0 && !scenario.without().contains(Fault.OWN_EXPIRY),
            1 + upkeep.nextInt(4),
            upkeep.nextInt(3) != 0 && !scenario.without().contains(Fault.ORPHAN_REMOVED),
            Duration.ofMillis(upkeep.nextInt(3) * 50),
            Duration.ofMillis(1 + upkeep.nextInt(100)),
            millis);
    Random random = scenario.random("setting");
    double[] rates = {0, 0.001, 0.003, 0.01};
    List<List<String>> partitions =
        List.of(List.of(), List.of(), List.of("region"), List.of("bucket(2, id)"));
    boolean foreigners = random.nextInt(4) == 0;
    return new Setting(
        2 + random.nextInt(2),
        random.nextInt(3) == 0,
        1 + random.nextInt(3),
        random.nextInt(20),
        foreigners || random.nextInt(3) == 0 ? 0 : 0.08,
        partitions.get(random.nextInt(partitions.size())),
        rates[random.nextInt(rates.length)],
        random.nextInt(20) == 0,
        foreigners,
        random.nextInt(3) == 0,
        compaction,
        modes(scenario),
        maintenance);
  }

  private static Map<TableId, WriteMode> modes(Scenario scenario) {
    Map<TableId, WriteMode> modes = new TreeMap<>();
    Random random = scenario.random("modes");
    boolean usual = scenario.mode().equals(Scenario.USUAL);
    boolean any = scenario.mode().equals(Scenario.ANY);
    if (usual || (any && random.nextBoolean())) {
      return modes;
    }
    for (TableId table : List.of(HistoryGenerator.ORDERS, HistoryGenerator.LINES)) {
      modes.put(table, any ? KEYED.get(random.nextInt(KEYED.size())) : mode(scenario));
    }
    WriteMode log = any && random.nextInt(4) > 0 ? WriteMode.APPEND : WriteMode.APPEND_AFTER;
    modes.put(
        HistoryGenerator.EVENTS,
        any ? log : mode(scenario).isKeyed() ? WriteMode.APPEND : mode(scenario));
    return modes;
  }

  private static WriteMode mode(Scenario scenario) {
    return WriteMode.of(scenario.mode())
        .orElseThrow(
            () -> new IllegalArgumentException("'" + scenario.mode() + "' is no write mode"));
  }

  /** Whether anything is done to the tables besides writing rows. */
  boolean isMaintained() {
    return compaction.enabled() || maintenance.expireSnapshots() || maintenance.removeOrphans();
  }

  /** Leaves everything as it is. */
  Transform.Factory transform() {
    return new Transform.Factory() {
      @Override
      public Transform create() {
        return Transform.IDENTITY.create();
      }

      @Override
      public boolean preservesKeys() {
        return !exchangedTwice;
      }
    };
  }

  HistoryGenerator generator(Random random) {
    // Only format version 3 has defaults for older rows.
    return new HistoryGenerator(random, formatVersion > 2, statementRate);
  }

  LakeSinkOptions lakeOptions() {
    return new LakeSinkOptions(
        "simulated",
        Map.of(),
        Map.of(),
        Map.of(
            "format-version", Integer.toString(formatVersion),
            "write.parquet.compression-codec", "uncompressed",
            // Waiting costs real time here, not simulated time.
            "commit.retry.min-wait-ms", "0",
            "commit.retry.max-wait-ms", "0"),
        partitions.isEmpty() ? List.of() : List.of(new PartitionRule(table -> true, partitions)),
        List.of(),
        Set.of(),
        compaction,
        maintenance,
        modes.entrySet().stream()
            .map(mode -> new WriteModeRule(mode.getKey()::equals, mode.getValue()))
            .toList());
  }

  static WriterSettings writerSettings(Random random) {
    if (random.nextBoolean()) {
      return WriterSettings.DEFAULT.withIndexReaders(0);
    }
    int rows = 1 + random.nextInt(20);
    // The fewest rows in memory, and the fewest keys: no more than a page or two.
    return new WriterSettings(
        rows, 1 << 20, 1 + random.nextInt(4), 1 << 20, (1 + rows % 2) * INDEX_PAGE_BYTES, 0);
  }
}
