package io.firn.lake.kit;

import io.firn.lake.LakeSinkOptions;
import io.firn.lake.catalog.LakeCatalog;
import io.firn.lake.commit.LakeCommitter;
import io.firn.lake.commit.TestCommitters;
import io.firn.lake.read.LakeReader;
import io.firn.lake.read.RowCursor;
import io.firn.lake.registry.PipelineTables;
import io.firn.lake.write.TableCommittable;
import io.firn.model.checkpoint.CheckpointMark;
import io.firn.model.row.Row;
import io.firn.model.schema.TableId;
import io.firn.model.sink.Committer.TableCommit;
import io.firn.model.sink.Sink.LakeState;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** One life of a pipeline, without runtime and writers. */
public final class Life implements AutoCloseable {
  private final LakeCatalog catalog;
  private final PipelineTables tables;
  private final Optional<LakeState> state;
  private final LakeCommitter committer;
  private final LakeReader reader;

  private Life(LakeSinkOptions options, LakeCatalog catalog, LakeReader reader, long epoch) {
    this.catalog = catalog;
    this.tables =
        PipelineTables.find(catalog, options, TestTable.PIPELINE, UUID.randomUUID().toString());
    this.state = tables.state();
    this.tables.fence(epoch);
    this.committer = TestCommitters.withoutWaiting(tables);
    this.reader = reader;
  }

  public static Life start(LakeSinkOptions options, long epoch) {
    return new Life(options, LakeCatalog.open(options), LakeReader.open(options), epoch);
  }

  /** With a catalog of one's own. */
  public static Life start(LakeSinkOptions options, LakeCatalog catalog, long epoch) {
    return new Life(options, catalog, LakeReader.of(catalog, options), epoch);
  }

  public PipelineTables tables() {
    return tables;
  }

  /** What the lake said before this life took possession. */
  public Optional<LakeState> state() {
    return state;
  }

  public LakeCommitter committer() {
    return committer;
  }

  public LakeReader reader() {
    return reader;
  }

  public List<TableCommit> prepare(long checkpointId, TableCommittable... parts) {
    return committer.prepare(Marks.mark(tables.possession().epoch(), checkpointId), List.of(parts));
  }

  public void checkpoint(long checkpointId, TableCommittable... parts) {
    checkpoint(Marks.mark(tables.possession().epoch(), checkpointId), parts);
  }

  public void checkpoint(CheckpointMark mark, TableCommittable... parts) {
    committer.commit(mark, committer.prepare(mark, List.of(parts)));
  }

  /**
   * Commits one table's part of a checkpoint as a process does that is killed before the others.
   */
  public void commitOnly(long checkpointId, List<TableCommit> all, TableId table) {
    TestCommitters.commitOnly(
        tables, Marks.mark(tables.possession().epoch(), checkpointId), all, table);
  }

  public List<Row> rows(TestTable table) {
    return drain(reader.rows(table.id()));
  }

  public List<Row> rowsAt(TestTable table, long snapshotId) {
    return drain(reader.rows(table.id(), snapshotId));
  }

  private static List<Row> drain(RowCursor cursor) {
    List<Row> rows = new ArrayList<>();
    try (cursor) {
      for (Row row = cursor.next(); row != null; row = cursor.next()) {
        rows.add(row);
      }
    }
    return rows;
  }

  public List<LakeReader.FileInfo> deleteFiles(TestTable table) {
    return reader.files(table.id()).stream().filter(f -> !f.content().equals("DATA")).toList();
  }

  /** Checkpoint numbers of the table's snapshots, oldest first. */
  public List<Long> checkpoints(TestTable table) {
    return reader.snapshots(table.id()).stream()
        .filter(LakeReader.SnapshotInfo::isCheckpoint)
        .map(snapshot -> snapshot.marker().orElseThrow().checkpointId())
        .toList();
  }

  @Override
  public void close() {
    reader.close();
    catalog.close();
  }
}
