package io.firn.simulation.lake;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.LongSupplier;
import org.apache.iceberg.io.FileInfo;

/** The simulated object store: whole files by location. Thread-safe. */
public final class ObjectStore {
  private final TreeMap<String, byte[]> files = new TreeMap<>();
  private final Map<String, Long> createdMillis = new HashMap<>();
  private final LongSupplier millis;

  /** Hears before a file is deleted. */
  public interface DeletionListener {
    /** {@code who} is about to delete a file that exists. */
    void deleting(String who, String location);
  }

  /** An empty store whose files are dated by this clock. */
  public ObjectStore(LongSupplier millis) {
    this.millis = millis;
  }

  private DeletionListener listener = (who, location) -> {};

  /** Tells about deletions. */
  public void onDelete(DeletionListener deletions) {
    listener = deletions;
  }

  synchronized void put(String location, byte[] content) {
    files.put(location, content);
    createdMillis.put(location, millis.getAsLong());
  }

  /** A file's content, or null. */
  public synchronized byte[] get(String location) {
    return files.get(location);
  }

  synchronized void delete(String who, String location) {
    if (files.containsKey(location)) {
      listener.deleting(who, location);
      files.remove(location);
    }
  }

  /** The files whose location begins with a text. */
  synchronized List<FileInfo> list(String prefix) {
    List<FileInfo> found = new ArrayList<>();
    for (Map.Entry<String, byte[]> file : files.tailMap(prefix).entrySet()) {
      String location = file.getKey();
      if (!location.startsWith(prefix)) {
        break;
      }
      found.add(new FileInfo(location, file.getValue().length, createdMillis.get(location)));
    }
    return found;
  }

  /** All locations. */
  public synchronized Set<String> locations() {
    return Set.copyOf(files.keySet());
  }
}
