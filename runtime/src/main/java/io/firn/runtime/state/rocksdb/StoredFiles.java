package io.firn.runtime.state.rocksdb;

import io.firn.runtime.state.StateFile;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Which files of one store are in the checkpoint storage, and under which names.
 *
 * <p><b>Threading</b>: once tasks run, only the thread that makes checkpoints uses it. One
 * checkpoint at a time is stored.
 */
final class StoredFiles {
  private final String prefix;
  private List<StateFile> latest;
  private final Map<String, StateFile> tablesByLocalName = new HashMap<>();

  /**
   * @param prefix of the names of new objects; no other life of the pipeline and no other task has
   *     the same
   * @param latest the files that the store was restored from, if it holds them unchanged
   */
  StoredFiles(String prefix, List<StateFile> latest) {
    this.prefix = prefix;
    update(latest);
  }

  /** Whether nothing of the store was ever stored. */
  boolean isEmpty() {
    return latest.isEmpty();
  }

  /** All files of the latest snapshot. */
  List<StateFile> latest() {
    return latest;
  }

  /** A table file (SST) that is stored already, or null. RocksDB never changes or renames them. */
  StateFile table(String localName) {
    return tablesByLocalName.get(localName);
  }

  /** The name for a new object. Files other than tables have the same name in every snapshot. */
  String objectName(String localName, long checkpointId) {
    return isTable(localName) ? prefix + localName : prefix + checkpointId + "-" + localName;
  }

  static boolean isTable(String localName) {
    return localName.endsWith(".sst");
  }

  /** Notes the files of a snapshot that is stored completely. */
  void update(List<StateFile> files) {
    latest = List.copyOf(files);
    tablesByLocalName.clear();
    for (StateFile file : latest) {
      if (isTable(file.localName())) {
        tablesByLocalName.put(file.localName(), file);
      }
    }
  }
}
