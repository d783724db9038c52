package io.firn.simulation.check;

import io.firn.simulation.fault.Fault;
import io.firn.simulation.fault.FaultCounts;
import io.firn.simulation.lake.SimulatedCatalog;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.iceberg.FileScanTask;
import org.apache.iceberg.MetadataColumns;
import org.apache.iceberg.Schema;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.StructLike;
import org.apache.iceberg.Table;
import org.apache.iceberg.data.BaseDeleteLoader;
import org.apache.iceberg.data.parquet.InternalReader;
import org.apache.iceberg.deletes.PositionDeleteIndex;
import org.apache.iceberg.io.CloseableIterable;
import org.apache.iceberg.parquet.Parquet;
import org.apache.iceberg.util.PartitionUtil;

/**
 * A compaction and a merge of delete files leave the rows as they are: none is lost, none comes
 * back, and in format version 3 each has the row id and the sequence number of its last update that
 * it had before.
 */
final class CompactionKeepsRows implements CommitInvariant {
  private final SimulatedCatalog catalog;
  private final FaultCounts counts;

  /**
   * @param catalog a connection without faults
   * @param counts hears about compactions
   */
  CompactionKeepsRows(SimulatedCatalog catalog, FaultCounts counts) {
    this.catalog = catalog;
    this.counts = counts;
  }

  @Override
  public void check(CommitSeen commit) {
    if (commit.ours()
        && commit.before() != null
        && commit.added().isEmpty()
        && commit.after().snapshots().size() < commit.before().snapshots().size()) {
      counts.add(Fault.OWN_EXPIRY);
    }
    for (Snapshot snapshot : commit.added()) {
      String operation = snapshot.summary().get(Summaries.OPERATION);
      if (commit.ours() && "delete-merge".equals(operation)) {
        counts.add(Fault.DELETE_MERGE);
        requireSameRows(commit, snapshot);
      }
      if (commit.ours() && "compaction".equals(operation)) {
        counts.add(Fault.COMPACTION);
        if (snapshot.summary().containsKey("added-delete-files")) {
          counts.add(Fault.COMPACTION_OVERTAKEN);
        }
        requireSameRows(commit, snapshot);
      }
    }
  }

  private void requireSameRows(CommitSeen commit, Snapshot snapshot) {
    boolean lineage = commit.after().formatVersion() >= 3;
    Table table = catalog.loadTable(commit.table());
    List<String> before = rows(table, snapshot.parentId(), lineage);
    List<String> after = rows(table, snapshot.snapshotId(), lineage);
    if (!before.equals(after)) {
      List<String> lost = new ArrayList<>(before);
      List<String> extra = new ArrayList<>(after);
      after.forEach(lost::remove);
      before.forEach(extra::remove);
      throw violated(
          commit,
          snapshot.summary().get(Summaries.OPERATION) + " loses " + lost + " and adds " + extra);
    }
  }

  private static List<String> rows(Table table, long snapshotId, boolean lineage) {
    Schema schema = lineage ? MetadataColumns.schemaWithRowLineage(table.schema()) : table.schema();
    List<String> rows = new ArrayList<>();
    try (CloseableIterable<FileScanTask> tasks =
        table.newScan().useSnapshot(snapshotId).planFiles()) {
      for (FileScanTask task : tasks) {
        read(table, task, schema, rows);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    rows.sort(null);
    return rows;
  }

  private static void read(Table table, FileScanTask task, Schema schema, List<String> rows)
      throws IOException {
    PositionDeleteIndex deleted =
        task.deletes().isEmpty()
            ? PositionDeleteIndex.empty()
            : new BaseDeleteLoader(file -> table.io().newInputFile(file))
                .loadPositionDeletes(task.deletes(), task.file().location());
    long position = 0;
    try (CloseableIterable<StructLike> all =
        Parquet.read(table.io().newInputFile(task.file()))
            .project(schema)
            .createReaderFunc(
                file -> InternalReader.create(schema, file, PartitionUtil.constantsMap(task)))
            .build()) {
      for (StructLike row : all) {
        if (!deleted.isDeleted(position++)) {
          List<Object> values = new ArrayList<>();
          for (int i = 0; i < row.size(); i++) {
            values.add(row.get(i, Object.class));
          }
          rows.add(values.toString());
        }
      }
    }
  }
}
