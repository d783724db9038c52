package io.firn.lake.commit;

import io.firn.lake.guard.CommitGuard;
import io.firn.lake.guard.Marker;
import io.firn.lake.registry.PipelineTable;
import io.firn.lake.registry.PipelineTables;
import io.firn.model.checkpoint.CheckpointMark;
import io.firn.model.schema.TableId;
import io.firn.model.sink.Committer.TableCommit;
import java.util.List;

/** Committers for tests of other packages. */
public final class TestCommitters {
  private TestCommitters() {}

  public static LakeCommitter withoutWaiting(PipelineTables tables) {
    return new LakeCommitter(tables, attempt -> {});
  }

  /** Commits one table of a checkpoint that has several. */
  public static void commitOnly(
      PipelineTables tables, CheckpointMark mark, List<TableCommit> all, TableId id) {
    Marker marker =
        Marker.of(tables.reachingBack(mark), all.stream().map(TableCommit::table).toList());
    PipelineTable table = tables.table(id).orElseThrow();
    for (TableCommit commit : all) {
      if (commit.table().equals(id)) {
        CommitPayload payload = PayloadFormat.read(commit, table.metadata().specsById());
        CommitGuard guard = new CommitGuard(tables.possession(), marker, payload.base());
        new TableCommitter(tables.catalog().secrets(), attempt -> {})
            .commit(table, payload, marker, guard);
      }
    }
  }

  /** Stages all tables of a checkpoint without committing any. */
  public static List<org.apache.iceberg.catalog.TableCommit> stage(
      PipelineTables tables, CheckpointMark mark, List<TableCommit> all) {
    Marker marker = Marker.of(mark, all.stream().map(TableCommit::table).toList());
    return all.stream()
        .map(
            commit -> {
              PipelineTable table = tables.table(commit.table()).orElseThrow();
              CommitPayload payload = PayloadFormat.read(commit, table.metadata().specsById());
              CommitGuard guard = new CommitGuard(tables.possession(), marker, payload.base());
              return StagedCommit.stage(table, payload, marker, guard).part();
            })
        .toList();
  }
}
