package io.firn.simulation.lake;

import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** The simulated object store: whole files by location. Thread-safe. */
public final class ObjectStore {
  private final Map<String, byte[]> files = new TreeMap<>();

  /** Hears before a file is deleted. */
  public interface DeletionListener {
    /** {@code who} is about to delete a file that exists. */
    void deleting(String who, String location);
  }

  private DeletionListener listener = (who, location) -> {};

  /** Tells about deletions. */
  public void onDelete(DeletionListener deletions) {
    listener = deletions;
  }

  synchronized void put(String location, byte[] content) {
    files.put(location, content);
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

  /** All locations. */
  public synchronized Set<String> locations() {
    return Set.copyOf(files.keySet());
  }
}
