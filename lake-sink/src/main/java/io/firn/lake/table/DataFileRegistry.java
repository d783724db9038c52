package io.firn.lake.table;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Which number stands for which data file of one table. Filled from the table's manifests at the
 * start (the number is in the file's name), and by writers as they open files.
 *
 * <p><b>Threading</b>: thread-safe.
 */
public final class DataFileRegistry {
  private final ConcurrentMap<Long, DataFileRef> files = new ConcurrentHashMap<>();
  private final AtomicLong nextFileId = new AtomicLong(1);
  private final Relocations relocations = new Relocations();

  /** Where compaction moved rows to. */
  public Relocations relocations() {
    return relocations;
  }

  /** A number that no file of the table has or had. */
  public long newFileId() {
    return nextFileId.getAndIncrement();
  }

  /** Makes a file known; later numbers are higher than its. */
  public void register(DataFileRef file) {
    files.put(file.fileId(), file);
    nextFileId.accumulateAndGet(file.fileId() + 1, Math::max);
  }

  /** Makes later numbers higher than this one, which a file had that is gone. */
  public void startAfter(long lastFileId) {
    nextFileId.accumulateAndGet(lastFileId + 1, Math::max);
  }

  /** Forgets a file that is no longer part of the table. */
  public void forget(long fileId) {
    files.remove(fileId);
    relocations.forget(fileId);
  }

  /** All files that are known now. */
  public List<DataFileRef> all() {
    return List.copyOf(files.values());
  }

  /** Whether there is a file with this number. */
  public boolean isKnown(long fileId) {
    return files.containsKey(fileId);
  }

  /** The file with this number, if there is one. */
  public Optional<DataFileRef> find(long fileId) {
    return Optional.ofNullable(files.get(fileId));
  }

  /** Whether the file with this number is there and is the one at this location. */
  public boolean isKnown(long fileId, String path) {
    DataFileRef file = files.get(fileId);
    return file != null && file.path().equals(path);
  }

  /**
   * The file with this number.
   *
   * @throws IllegalStateException if there is none: the index and the table do not fit together
   */
  public DataFileRef get(long fileId) {
    DataFileRef file = files.get(fileId);
    if (file == null) {
      throw new IllegalStateException("The index refers to the unknown data file number " + fileId);
    }
    return file;
  }
}
