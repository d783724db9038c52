package io.firn.it.check;

import io.firn.it.oracle.ShopTables;
import io.firn.it.process.Pipeline;
import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.HashMap;
import java.util.Map;
import org.apache.iceberg.Table;
import org.apache.iceberg.catalog.Catalog;
import org.apache.iceberg.catalog.Namespace;
import org.apache.iceberg.catalog.TableIdentifier;
import org.apache.iceberg.jdbc.UncheckedSQLException;

/** The check after every case: content, history and files of all tables of a pipeline. */
public final class LakeCheck {
  private LakeCheck() {}

  /**
   * What was found.
   *
   * @param hashes of the source's tables, by name; the lake's are the same
   * @param histories of the lake's tables, by name
   * @param metadata location of the newest metadata file, by name
   * @param leftovers number of data files that nobody refers to
   */
  public record Result(
      Map<String, String> hashes,
      Map<String, SnapshotCheck.History> histories,
      Map<String, String> metadata,
      int leftovers) {}

  /**
   * Checks that the lake equals the source and that its history is sound.
   *
   * @throws AssertionError naming the table and what is wrong with it
   */
  public static Result assertMirrors(Pipeline pipeline) {
    Map<String, String> hashes = new HashMap<>();
    Map<String, SnapshotCheck.History> histories = new HashMap<>();
    Map<String, String> metadata = new HashMap<>();
    int leftovers = 0;
    Catalog catalog = pipeline.openCatalog();
    try {
      for (String name : ShopTables.NAMES) {
        Table table =
            catalog.loadTable(TableIdentifier.of(Namespace.of(pipeline.database()), name));
        SnapshotCheck.History history = SnapshotCheck.assertSound(table);
        histories.put(name, history);
        metadata.put(name, SnapshotCheck.metadataLocation(table));
        leftovers += LeftoverFiles.count(table, history.files());
        hashes.put(
            name,
            ContentCheck.assertEqual(pipeline.server(), pipeline.database(), name, table)
                .toString());
      }
    } finally {
      close(catalog);
    }
    return new Result(hashes, histories, metadata, leftovers);
  }

  /** Number of checkpoints that a table has, 0 if it does not exist yet. */
  public static int checkpoints(Pipeline pipeline, String name) {
    return count(pipeline, name, "checkpoint");
  }

  /** Number of compactions that a table has had. */
  public static int compactions(Pipeline pipeline, String name) {
    return count(pipeline, name, "compaction");
  }

  private static int count(Pipeline pipeline, String name, String operation) {
    if (!pipeline.catalogMayExist()) {
      return 0;
    }
    Catalog catalog = pipeline.openCatalog();
    try {
      TableIdentifier id = TableIdentifier.of(Namespace.of(pipeline.database()), name);
      if (!catalog.tableExists(id)) {
        return 0;
      }
      int count = 0;
      for (var snapshot : catalog.loadTable(id).snapshots()) {
        count += operation.equals(snapshot.summary().get("firn.operation")) ? 1 : 0;
      }
      return count;
    } catch (UncheckedSQLException e) {
      // Just being made, or locked for a moment.
      return 0;
    } finally {
      close(catalog);
    }
  }

  private static void close(Catalog catalog) {
    if (catalog instanceof Closeable closeable) {
      try {
        closeable.close();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
