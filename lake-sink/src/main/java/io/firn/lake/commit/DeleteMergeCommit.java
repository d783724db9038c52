package io.firn.lake.commit;

import io.firn.lake.catalog.LakeCatalog;
import io.firn.lake.compact.MergedDeletes;
import io.firn.lake.guard.Possession;
import io.firn.lake.registry.LiveFiles;
import io.firn.lake.registry.PipelineTable;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.iceberg.DeleteFile;
import org.apache.iceberg.RewriteFiles;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.SnapshotUpdate;
import org.apache.iceberg.Transaction;
import org.apache.iceberg.util.ContentFileUtil;

/**
 * Exchanges position delete files for those that they were merged into. Deletes only add up, so
 * what was deleted since is in files that stay.
 *
 * <p><b>Threading</b>: the committer's thread.
 */
final class DeleteMergeCommit extends UpkeepCommit<DeleteMergeCommit.Exchange> {
  private final MergedDeletes merged;

  DeleteMergeCommit(
      PipelineTable table,
      Possession possession,
      MergedDeletes merged,
      FreshTables fresh,
      LakeCatalog catalog) {
    super(table, merged.job().name(), possession, fresh, catalog);
    this.merged = merged;
  }

  /** What is to be committed on top of one snapshot. */
  record Exchange(
      long snapshotId, long sequenceNumber, List<DeleteFile> removed, List<DeleteFile> added)
      implements Staged {}

  @Override
  String what() {
    return "merge of delete files";
  }

  @Override
  String operation() {
    return "delete-merge";
  }

  @Override
  Exchange prepare(int attempt) throws Abandoned {
    LiveFiles live = table.liveFiles();
    if (live.snapshotId() == null) {
      throw new Abandoned("the table is empty");
    }
    Map<String, DeleteFile> deletes = byLocation(live);
    List<DeleteFile> removed = new ArrayList<>();
    for (DeleteFile input : merged.job().plan().inputs()) {
      DeleteFile now = deletes.get(input.location());
      if (now != null) {
        removed.add(now);
      } else {
        requireNotWanted(live, input.location());
      }
    }
    if (removed.isEmpty()) {
      throw new Abandoned("the delete files are gone");
    }
    List<DeleteFile> added = new ArrayList<>();
    for (DeleteFile file : merged.files()) {
      String dataFile = ContentFileUtil.referencedDataFileLocation(file);
      if (dataFile == null || live.dataFile(dataFile) != null) {
        added.add(file);
      }
    }
    return new Exchange(live.snapshotId(), table.metadata().lastSequenceNumber(), removed, added);
  }

  /** Whoever takes out the deletes of a data file that stays wants its rows back. */
  private void requireNotWanted(LiveFiles live, String location) throws Abandoned {
    for (String dataFile : merged.dataFiles().getOrDefault(location, Set.of())) {
      if (live.dataFile(dataFile) != null) {
        throw new Abandoned("delete file '" + location + "' was removed meanwhile");
      }
    }
  }

  private static Map<String, DeleteFile> byLocation(LiveFiles live) {
    Map<String, DeleteFile> deletes = new HashMap<>();
    live.deleteFiles().forEach(file -> deletes.put(file.location(), file));
    return deletes;
  }

  @Override
  SnapshotUpdate<?> exchange(Transaction transaction, Exchange staged) {
    RewriteFiles rewrite = transaction.newRewrite().validateFromSnapshot(staged.snapshotId());
    staged.removed().forEach(rewrite::deleteFile);
    staged.added().forEach(file -> rewrite.addFile(file, merged.dataSequenceNumber()));
    return rewrite;
  }

  @Override
  boolean hasLanded(Exchange staged) {
    Map<String, DeleteFile> deletes = byLocation(table.liveFiles());
    return staged.added().isEmpty()
        ? table.metadata().lastSequenceNumber() > staged.sequenceNumber()
            && staged.removed().stream().noneMatch(file -> deletes.containsKey(file.location()))
        : deletes.containsKey(staged.added().get(0).location());
  }

  @Override
  void committed(Exchange staged) {
    Snapshot current = table.metadata().currentSnapshot();
    LiveFiles live = table.knownLiveFiles(staged.snapshotId());
    if (live != null && Long.valueOf(staged.snapshotId()).equals(current.parentId())) {
      live.apply(
          current.snapshotId(), List.of(), staged.added(), List.of(), staged.removed(), false);
      live.checkRemoved(current, staged.removed().size());
    }
    // What is for data files that went away meanwhile.
    written.addAll(merged.locations());
    staged.added().forEach(file -> written.remove(file.location()));
    deleteWritten();
  }

  @Override
  void abandoned() {
    written.addAll(merged.locations());
  }
}
