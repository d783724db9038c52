package io.firn.simulation.check;

import io.firn.simulation.lake.ObjectStore;
import org.apache.iceberg.Snapshot;

/** Every file of every kept snapshot is there, with the size that the manifest says. */
final class ReferencedFilesExist implements CommitInvariant {
  private final ObjectStore store;
  private final TableFiles files;

  ReferencedFilesExist(ObjectStore store, TableFiles files) {
    this.store = store;
    this.files = files;
  }

  @Override
  public void check(CommitSeen commit) {
    for (Snapshot snapshot : commit.after().snapshots()) {
      if (store.get(snapshot.manifestListLocation()) == null) {
        throw violated(commit, snapshot.manifestListLocation() + " is missing");
      }
      TableFiles.Listing listing = files.of(snapshot, commit.after());
      for (String location : listing.metadata()) {
        if (store.get(location) == null) {
          throw violated(commit, location + " is missing");
        }
      }
      for (TableFiles.Entry entry : listing.entries()) {
        byte[] content = store.get(entry.location());
        if (content == null || content.length != entry.bytes()) {
          throw violated(
              commit, entry + " is " + (content == null ? "missing" : content.length + " bytes"));
        }
      }
    }
  }
}
