package io.firn.simulation.check;

import org.apache.iceberg.FileContent;
import org.apache.iceberg.Snapshot;

/** No snapshot of ours needs equality deletes to be read. */
final class NoEqualityDeletes implements CommitInvariant {
  private final TableFiles files;

  NoEqualityDeletes(TableFiles files) {
    this.files = files;
  }

  @Override
  public void check(CommitSeen commit) {
    for (Snapshot snapshot : commit.added()) {
      for (TableFiles.Entry entry : files.of(snapshot, commit.after()).entries()) {
        if (entry.content() == FileContent.EQUALITY_DELETES) {
          throw violated(commit, entry + " is an equality delete");
        }
      }
    }
  }
}
