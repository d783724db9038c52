package io.firn.lake.commit;

import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.iceberg.DeleteFile;
import org.apache.iceberg.data.BaseDeleteLoader;
import org.apache.iceberg.deletes.Deletes;
import org.apache.iceberg.deletes.PositionDeleteIndex;
import org.apache.iceberg.io.CloseableIterable;
import org.apache.iceberg.io.FileIO;

/**
 * The newest deletion vectors of data files, least recently used first out, so that merging new
 * positions into them does not read them back.
 *
 * <p><b>Invariant</b>: what is in here is committed. A vector that is taken out to be changed comes
 * back only when the change was committed; otherwise it is read again.
 *
 * <p><b>Threading</b>: one thread at a time.
 */
final class DeletionVectorCache {
  private final long maxBytes;
  private final Map<String, Entry> entries = new LinkedHashMap<>(16, 0.75f, true);
  private long bytes;

  private record Entry(DeleteFile file, PositionDeleteIndex positions, long size) {}

  DeletionVectorCache(long maxBytes) {
    this.maxBytes = maxBytes;
  }

  /**
   * The deleted positions of a data file, for the caller to change.
   *
   * @param dataFile the data file's location
   * @param current its deletion vector in the table, or null
   */
  PositionDeleteIndex take(String dataFile, DeleteFile current, FileIO io) {
    Entry entry = remove(dataFile);
    if (current == null) {
      return Deletes.toPositionIndex(CloseableIterable.empty());
    }
    if (entry != null && isSame(entry.file(), current)) {
      return entry.positions();
    }
    return new BaseDeleteLoader(file -> io.newInputFile(file.location()))
        .loadPositionDeletes(List.of(current), dataFile);
  }

  /** Keeps a vector that was committed. */
  void put(String dataFile, DeleteFile file, PositionDeleteIndex positions) {
    remove(dataFile);
    // The serialised size is a fair measure of a bitmap, and small ones have fixed costs.
    long size = 256 + 2 * file.contentSizeInBytes();
    if (size > maxBytes) {
      return;
    }
    entries.put(dataFile, new Entry(file, positions, size));
    bytes += size;
    Iterator<Entry> oldest = entries.values().iterator();
    while (bytes > maxBytes) {
      bytes -= oldest.next().size();
      oldest.remove();
    }
  }

  private Entry remove(String dataFile) {
    Entry entry = entries.remove(dataFile);
    if (entry != null) {
      bytes -= entry.size();
    }
    return entry;
  }

  private static boolean isSame(DeleteFile one, DeleteFile other) {
    return one.location().equals(other.location())
        && one.contentOffset().equals(other.contentOffset());
  }
}
