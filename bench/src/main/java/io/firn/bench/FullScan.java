package io.firn.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import org.apache.hadoop.conf.Configuration;
import org.apache.iceberg.Table;
import org.apache.iceberg.data.IcebergGenerics;
import org.apache.iceberg.data.Record;
import org.apache.iceberg.hadoop.HadoopTables;
import org.apache.iceberg.io.CloseableIterable;

/**
 * Reads every column of every row of a table with Iceberg's own reader, three times in one process,
 * and prints the CPU seconds of the fastest pass. Argument: location of the table.
 */
public final class FullScan {
  private static final int PASSES = 3;

  private FullScan() {}

  /** See the class. */
  public static void main(String[] args) {
    Table table = new HadoopTables(new Configuration()).load(args[0]);
    com.sun.management.OperatingSystemMXBean system =
        (com.sun.management.OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
    double bestCpuSeconds = Double.MAX_VALUE;
    double bestSeconds = Double.MAX_VALUE;
    long rows = 0;
    for (int pass = 0; pass < PASSES; pass++) {
      long cpu = system.getProcessCpuTime();
      long start = System.nanoTime();
      rows = count(table);
      bestCpuSeconds = Math.min(bestCpuSeconds, (system.getProcessCpuTime() - cpu) / 1e9);
      bestSeconds = Math.min(bestSeconds, (System.nanoTime() - start) / 1e9);
    }
    System.out.printf(
        "result rows=%d seconds=%.3f cpuSeconds=%.3f%n", rows, bestSeconds, bestCpuSeconds);
  }

  private static long count(Table table) {
    long rows = 0;
    long touched = 0;
    try (CloseableIterable<Record> records = IcebergGenerics.read(table).build()) {
      for (Record record : records) {
        rows++;
        touched += record.get(record.size() - 1) == null ? 0 : 1;
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    if (touched > rows) {
      throw new IllegalStateException("More values than rows");
    }
    return rows;
  }
}
