package io.firn.lake.index;

import io.firn.lake.catalog.Secrets;
import io.firn.lake.catalog.StorageFailures;
import io.firn.lake.table.DataFileName;
import io.firn.lake.table.DataFileRef;
import io.firn.lake.table.DataFileRegistry;
import io.firn.lake.table.LakeTable;
import io.firn.lake.table.TableLayout;
import io.firn.model.error.InconsistentStateException;
import io.firn.model.error.RetryableException;
import io.firn.model.state.KeyGroupRange;
import io.firn.model.state.KeyGroups;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.DeleteFile;
import org.apache.iceberg.FileContent;
import org.apache.iceberg.FileFormat;
import org.apache.iceberg.FileScanTask;
import org.apache.iceberg.Table;
import org.apache.iceberg.data.BaseDeleteLoader;
import org.apache.iceberg.deletes.PositionDeleteIndex;
import org.apache.iceberg.io.CloseableIterable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Fills a key index from the table itself: reads the key columns of all data files, leaves out
 * deleted positions, and notes where each key of the task is.
 *
 * <p>Files are read in as many threads as the task's share of the machine; what they find goes into
 * the index in the task's own.
 *
 * <p><b>Assumption</b>: the table's current snapshot is the state the index has to describe; nobody
 * commits to the table meanwhile.
 */
public final class IndexRebuilder {
  private static final Logger LOG = LoggerFactory.getLogger(IndexRebuilder.class);
  private static final long PROGRESS_INTERVAL_NANOS = 5_000_000_000L;

  private final LakeTable lakeTable;
  private final TableLayout layout;
  private final KeyGroupRange keyGroups;
  private final PrimaryKeyIndex index;
  private final KeyTimes times;
  private final int readers;
  private long keys;

  /**
   * @param lakeTable the table
   * @param layout its layout; the key is that of {@code layout.source()}
   * @param keyGroups the key groups that the index is for
   * @param index where the keys go
   * @param times where the times of a history go; null if the table has none
   * @param readers threads that all tasks together may read files with; 0 for none
   */
  public IndexRebuilder(
      LakeTable lakeTable,
      TableLayout layout,
      KeyGroupRange keyGroups,
      PrimaryKeyIndex index,
      KeyTimes times,
      int readers) {
    this.lakeTable = lakeTable;
    this.layout = layout;
    this.keyGroups = keyGroups;
    this.index = index;
    this.times = times;
    this.readers = readers;
  }

  /**
   * Empties the index and fills it.
   *
   * @return how many keys it has now
   * @throws InconsistentStateException if the table has files that are not Firn's, equality deletes
   *     or two rows of one key
   * @throws RetryableException if storage failed
   */
  public long rebuild() {
    index.clear();
    if (times != null) {
      times.clear();
    }
    Table table = lakeTable.table();
    if (table.currentSnapshot() == null) {
      return 0;
    }
    long start = System.nanoTime();
    try {
      List<KeyBatches.Source> files = new ArrayList<>();
      long rows = 0;
      for (FileScanTask task : inOrder(table)) {
        DataFileRef file = check(task);
        files.add(() -> open(task, file));
        rows += task.file().recordCount();
      }
      fill(files, rows);
    } catch (InterruptedException e) {
      // Reading a large table takes minutes, and nobody else would notice that the pipeline ends.
      Thread.currentThread().interrupt();
      throw new RetryableException(
          "Rebuilding the key index of "
              + lakeTable.id()
              + " was interrupted because the pipeline ends; it starts anew next time",
          e);
    } catch (IOException | RuntimeException e) {
      throw StorageFailures.of(
          "Reading table " + lakeTable.id() + " to rebuild its key index",
          "it is tried again from the last checkpoint",
          e,
          Secrets.NONE);
    }
    LOG.info(
        "Rebuilt the key index of {}: {} keys found in {} s",
        lakeTable.id(),
        keys,
        (System.nanoTime() - start) / 1_000_000_000);
    return keys;
  }

  /** The table's files in the order of their names; a scan has them in any. */
  static List<FileScanTask> inOrder(Table table) throws IOException {
    List<FileScanTask> ordered = new ArrayList<>();
    try (CloseableIterable<FileScanTask> tasks = table.newScan().planFiles()) {
      tasks.forEach(ordered::add);
    }
    ordered.sort(Comparator.comparing(task -> task.file().location()));
    return ordered;
  }

  private void fill(List<KeyBatches.Source> files, long rows) throws InterruptedException {
    int groups = keyGroups.end() - keyGroups.start();
    int threads = readers == 0 ? 0 : Math.max(1, readers * groups / KeyGroups.COUNT);
    LOG.info(
        "Rebuilding the key index of {} from {} rows in {} data files",
        lakeTable.id(),
        rows,
        files.size());
    long lastReport = System.nanoTime();
    try (KeyBatches batches = new KeyBatches("index-rebuild", files, threads)) {
      for (FileKeys.Batch batch = batches.next(); batch != null; batch = batches.next()) {
        add(batch);
        if (System.nanoTime() - lastReport > PROGRESS_INTERVAL_NANOS) {
          lastReport = System.nanoTime();
          LOG.info(
              "Rebuilding the key index of {}: {} of {} files read, {} keys found",
              lakeTable.id(),
              batches.filesRead(),
              files.size(),
              keys);
        }
      }
    }
  }

  private FileKeys open(FileScanTask task, DataFileRef file) {
    return new FileKeys(lakeTable, layout, file, deletedPositions(task), keyGroups);
  }

  private DataFileRef check(FileScanTask task) {
    DataFile file = task.file();
    String path = file.location();
    DataFileRegistry files = lakeTable.files();
    long fileId =
        DataFileName.parse(path)
            .map(DataFileName::fileId)
            .filter(id -> files.isKnown(id, path))
            .orElseThrow(
                () -> foreign("data file '" + path + "' was not written by this pipeline"));
    if (file.format() != FileFormat.PARQUET) {
      throw foreign("data file '" + path + "' is not a Parquet file");
    }
    for (DeleteFile delete : task.deletes()) {
      if (delete.content() == FileContent.EQUALITY_DELETES) {
        throw foreign(
            "'" + delete.location() + "' holds equality deletes, which Firn never writes");
      }
    }
    return files.get(fileId);
  }

  private PositionDeleteIndex deletedPositions(FileScanTask task) {
    if (task.deletes().isEmpty()) {
      return PositionDeleteIndex.empty();
    }
    return new BaseDeleteLoader(delete -> lakeTable.table().io().newInputFile(delete))
        .loadPositionDeletes(task.deletes(), task.file().location());
  }

  private InconsistentStateException foreign(String cause) {
    return new InconsistentStateException(
        "The key index of "
            + lakeTable.id()
            + " cannot be rebuilt: "
            + cause
            + "; undo the foreign change of the table, or write to a new table");
  }

  private void add(FileKeys.Batch batch) {
    byte[][] sorted = batch.keys();
    long[] locations = batch.locations();
    for (int i = 1; i < sorted.length; i++) {
      if (Arrays.equals(sorted[i - 1], sorted[i])) {
        throw duplicate(locations[i - 1], locations[i]);
      }
    }
    long[] found = new long[sorted.length];
    index.lookup(sorted, sorted.length, found);
    for (int i = 0; i < sorted.length; i++) {
      if (found[i] != RowLocation.NONE) {
        throw duplicate(found[i], locations[i]);
      }
    }
    index.update(sorted, sorted.length, locations);
    if (times != null) {
      times.raise(batch.timedKeys(), batch.times());
    }
    keys += sorted.length;
  }

  private InconsistentStateException duplicate(long first, long second) {
    return new InconsistentStateException(
        "Table "
            + lakeTable.id()
            + " has two rows of one key: row "
            + RowLocation.position(first)
            + " of '"
            + lakeTable.files().get(RowLocation.fileId(first)).path()
            + "' and row "
            + RowLocation.position(second)
            + " of '"
            + lakeTable.files().get(RowLocation.fileId(second)).path()
            + "'; remove one of them, or write to a new table");
  }
}
