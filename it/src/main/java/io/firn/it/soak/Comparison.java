package io.firn.it.soak;

import io.firn.it.check.LakeCheck;
import io.firn.it.check.SnapshotCheck;
import io.firn.it.oracle.ShopTables;
import io.firn.it.process.Pipeline;
import java.io.Closeable;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.iceberg.Table;
import org.apache.iceberg.catalog.Catalog;
import org.apache.iceberg.catalog.Namespace;
import org.apache.iceberg.catalog.TableIdentifier;
import org.apache.iceberg.data.IcebergGenerics;
import org.apache.iceberg.data.Record;
import org.apache.iceberg.expressions.Expressions;
import org.apache.iceberg.io.CloseableIterable;

/** Waits until a lake has what the source has, and compares them. */
final class Comparison {
  private static final long POLL_MILLIS = 500;
  private static final Map<String, String> KEYS =
      Map.of("orders", "id", "order_lines", "order_id", "audit_log", "event_no");

  private final Pipeline pipeline;

  /**
   * @param pipeline reaches its catalog without detours
   */
  Comparison(Pipeline pipeline) {
    this.pipeline = pipeline;
  }

  /**
   * What a lake consists of.
   *
   * @param rows of the source's tables
   * @param snapshots of all tables
   * @param files data files and delete files of all snapshots
   * @param leftovers files beside the data that no snapshot refers to; all have names that say
   *     which epoch and checkpoint wrote them
   */
  record Lake(String rows, int snapshots, int files, int leftovers) {}

  /**
   * Waits for a row in every table.
   *
   * @throws Violation if it does not come in time
   */
  void awaitSentinel(Subject subject, long sentinel, long limitSeconds)
      throws IOException, InterruptedException {
    long end = System.nanoTime() + limitSeconds * 1_000_000_000L;
    Catalog catalog = pipeline.openCatalog();
    try {
      List<String> missing = new ArrayList<>(ShopTables.NAMES);
      while (true) {
        subject.requireAlive();
        missing.removeIf(name -> contains(table(catalog, name), KEYS.get(name), sentinel));
        if (missing.isEmpty()) {
          return;
        }
        if (System.nanoTime() > end) {
          throw new Violation(
              subject.name() + " did not catch up in " + limitSeconds + " s: " + missing);
        }
        Thread.sleep(POLL_MILLIS);
      }
    } finally {
      close(catalog);
    }
  }

  /**
   * Compares everything.
   *
   * @throws Violation for the first difference
   */
  Lake compare() {
    try {
      LakeCheck.Result result = LakeCheck.assertMirrors(pipeline);
      return new Lake(
          ShopTables.NAMES.stream()
              .map(name -> name + " " + result.hashes().get(name).replaceFirst(":.*", ""))
              .toList()
              .toString(),
          result.histories().values().stream().mapToInt(SnapshotCheck.History::snapshots).sum(),
          result.histories().values().stream().mapToInt(history -> history.files().size()).sum(),
          result.leftovers());
    } catch (AssertionError e) {
      throw new Violation(pipeline.name() + ": " + e.getMessage());
    }
  }

  private Table table(Catalog catalog, String name) {
    return catalog.loadTable(TableIdentifier.of(Namespace.of(pipeline.database()), name));
  }

  private static boolean contains(Table table, String column, long value) {
    try (CloseableIterable<Record> rows =
        IcebergGenerics.read(table).where(Expressions.equal(column, value)).build()) {
      return rows.iterator().hasNext();
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  private static void close(Catalog catalog) throws IOException {
    if (catalog instanceof Closeable closeable) {
      closeable.close();
    }
  }
}
