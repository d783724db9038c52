package io.firn.lake.table;

import io.firn.lake.index.RowLocation;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * Where compaction moved the rows of one table's data files, as long as a key index may still refer
 * to the old files.
 *
 * <p>A task may report a row as superseded by its old place at any time after the file was
 * rewritten; the committer translates. So nothing has to happen at the moment of a rewrite's
 * commit. Meanwhile the tasks repoint their index entries in their own time; once all of them have,
 * in state that a checkpoint keeps, the old places are forgotten. Rewritten files that no index was
 * repointed to yet are named in a table property ({@link #pending()}), and a later life repoints
 * before it writes.
 *
 * <p><b>Threading</b>: thread-safe. The committer's thread adds and forgets; tasks look and report.
 */
public final class Relocations {

  /**
   * Where the rows of one file went.
   *
   * @param fileId number of the new file
   * @param offset place in it of the old file's first live row
   * @param gone positions in the old file that were deleted before, ascending; live rows kept their
   *     order
   */
  public record Move(long fileId, long offset, int[] gone) {
    /** The new place of a row; {@link RowLocation#NONE} if it was deleted before. */
    public long apply(long position) {
      int found = Arrays.binarySearch(gone, (int) position);
      return found >= 0
          ? RowLocation.NONE
          : RowLocation.of(fileId, offset + position - (-found - 1));
    }
  }

  /** A rewritten file that index entries have to be repointed to. */
  public static final class Target {
    private final long fileId;
    private final ConcurrentMap<Integer, Long> done = new ConcurrentHashMap<>();

    private Target(long fileId) {
      this.fileId = fileId;
    }

    /** The file's number. */
    public long fileId() {
      return fileId;
    }

    /** Whether a task has repointed its entries. */
    public boolean isDone(int subtask) {
      return done.containsKey(subtask);
    }

    /** Notes that a task has, in the state that it hands over with this checkpoint. */
    public void done(int subtask, long checkpointId) {
      done.put(subtask, checkpointId);
    }
  }

  private final ConcurrentMap<Long, Move> moves = new ConcurrentHashMap<>();
  private final List<Target> targets = new CopyOnWriteArrayList<>();

  /** Rewritten files that nobody repoints to yet, because they will soon be rewritten again. */
  private final List<Long> deferred = new CopyOnWriteArrayList<>();

  /** Rewritten files of earlier lives; every task repoints to them before its first write. */
  private final List<Long> inherited = new CopyOnWriteArrayList<>();

  /** By task, the first checkpoint for which its index was complete. */
  private final ConcurrentMap<Integer, Long> ready = new ConcurrentHashMap<>();

  private volatile int tasks;

  /** Takes over what earlier lives left undone. */
  public void inherit(Collection<Long> fileIds) {
    inherited.addAll(fileIds);
  }

  /** Rewritten files of earlier lives. */
  public List<Long> inherited() {
    return inherited;
  }

  /** A task begins; it has an index of the table. */
  public void join(int parallelism) {
    tasks = parallelism;
  }

  /** Notes that a task's index is complete, and repointed to all inherited files. */
  public void ready(int subtask, long checkpointId) {
    ready.putIfAbsent(subtask, checkpointId);
  }

  /** Whether the indexes of all tasks are complete in the state of a checkpoint. */
  public boolean isReady(long committedCheckpointId) {
    return tasks > 0 && isDoneByAll(ready, committedCheckpointId);
  }

  private boolean isDoneByAll(Map<Integer, Long> done, long committedCheckpointId) {
    return done.size() == tasks
        && done.values().stream().allMatch(checkpoint -> checkpoint <= committedCheckpointId);
  }

  /** What the tasks have to repoint to, oldest first. */
  public List<Target> targets() {
    return targets;
  }

  /**
   * Notes a committed rewrite.
   *
   * @param newFileId the new file
   * @param byOldFile where the rows of each old file went
   * @param later whether repointing can wait because the new file will be rewritten soon
   */
  public void moved(long newFileId, Map<Long, Move> byOldFile, boolean later) {
    moves.putAll(byOldFile);
    targets.removeIf(target -> byOldFile.containsKey(target.fileId));
    deferred.removeAll(byOldFile.keySet());
    inherited.removeAll(byOldFile.keySet());
    if (later) {
      deferred.add(newFileId);
    } else {
      targets.add(new Target(newFileId));
    }
  }

  /** Lets the tasks repoint to everything that was to wait. */
  public void deferNoLonger() {
    for (Long fileId : deferred) {
      targets.add(new Target(fileId));
      deferred.remove(fileId);
    }
  }

  /** How many rewritten files wait. */
  public int deferred() {
    return deferred.size();
  }

  /** The present place of a row; {@link RowLocation#NONE} if it was deleted before its move. */
  public long resolve(long location) {
    long place = location;
    while (place != RowLocation.NONE) {
      Move move = moves.get(RowLocation.fileId(place));
      if (move == null) {
        break;
      }
      place = move.apply(RowLocation.position(place));
    }
    return place;
  }

  /** Whether the rows of a file are elsewhere now. */
  public boolean isMoved(long fileId) {
    return moves.containsKey(fileId);
  }

  /** Forgets old places that no index of this checkpoint's state refers to. */
  public void settle(long committedCheckpointId) {
    if (isReady(committedCheckpointId)) {
      inherited.clear();
    }
    for (Target target : targets) {
      if (isDoneByAll(target.done, committedCheckpointId)) {
        forget(target.fileId);
      }
    }
  }

  /** Forgets a file without any row left, and whatever led to it. */
  void forget(long fileId) {
    targets.removeIf(target -> target.fileId == fileId);
    deferred.remove(fileId);
    if (!moves.isEmpty()) {
      List<Long> ledThere = new ArrayList<>();
      moves.forEach(
          (old, move) -> {
            if (lastFile(move) == fileId) {
              ledThere.add(old);
            }
          });
      moves.keySet().removeAll(ledThere);
    }
  }

  private long lastFile(Move first) {
    Move last = first;
    for (Move next = moves.get(last.fileId); next != null; next = moves.get(last.fileId)) {
      last = next;
    }
    return last.fileId;
  }

  /** Rewritten files that some index may not be repointed to. */
  public TreeSet<Long> pending() {
    TreeSet<Long> pending = new TreeSet<>(inherited);
    pending.addAll(deferred);
    targets.forEach(target -> pending.add(target.fileId));
    return pending;
  }
}
