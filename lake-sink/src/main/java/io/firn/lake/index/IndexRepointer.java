package io.firn.lake.index;

import io.firn.lake.catalog.StorageFailures;
import io.firn.lake.table.DataFileName;
import io.firn.lake.table.DataFileRef;
import io.firn.lake.table.DataFileRegistry;
import io.firn.lake.table.LakeTable;
import io.firn.lake.table.Relocations;
import io.firn.lake.table.TableLayout;
import io.firn.model.error.RetryableException;
import io.firn.model.state.KeyGroupRange;
import java.io.IOException;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongBinaryOperator;
import org.apache.iceberg.FileScanTask;
import org.apache.iceberg.data.BaseDeleteLoader;
import org.apache.iceberg.deletes.PositionDeleteIndex;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes one task's index refer to the files that compaction wrote instead of those that it removed,
 * a slice at a time between the task's own work.
 *
 * <p>A key is repointed only if its entry stands for the very row of the new file, so a row that
 * changed since is left alone, and doing it twice does no harm.
 *
 * <p><b>Threading</b>: the task's thread.
 */
public final class IndexRepointer implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(IndexRepointer.class);
  private static final int BATCH = 20_000;

  private final LakeTable table;
  private final int subtask;
  private final KeyGroupRange keyGroups;
  private final PrimaryKeyIndex index;
  private final Relocations relocations;
  private Relocations.Target target;
  private FileKeys keys;

  /** For the index of one table in one task. */
  public IndexRepointer(
      LakeTable table, int subtask, KeyGroupRange keyGroups, PrimaryKeyIndex index) {
    this.table = table;
    this.subtask = subtask;
    this.keyGroups = keyGroups;
    this.index = index;
    this.relocations = table.files().relocations();
  }

  /**
   * Repoints to everything that earlier lives left undone. Where the old rows were is not known any
   * more, but that their files are gone is: an entry of a key that refers to a file which does not
   * exist stands for the key's row in the rewritten file.
   *
   * @throws RetryableException if storage failed
   */
  public void repointInherited(TableLayout layout) {
    Set<Long> inherited = new HashSet<>(relocations.inherited());
    if (inherited.isEmpty() || table.table().currentSnapshot() == null) {
      return;
    }
    try {
      for (FileScanTask task : IndexRebuilder.inOrder(table.table())) {
        Optional<DataFileName> name = DataFileName.parse(task.file().location());
        if (name.isPresent() && inherited.contains(name.get().fileId())) {
          LOG.info("Repointing the key index of {} to '{}'", table.id(), task.file().location());
          repointInherited(layout, name.get().fileId(), deletedRows(task));
        }
      }
    } catch (IOException | RuntimeException e) {
      throw failed(e);
    }
  }

  private RuntimeException failed(Exception cause) {
    if (cause instanceof RuntimeException mistake && !StorageFailures.isStorage(cause)) {
      return mistake;
    }
    return new RetryableException(
        "The key index of "
            + table.id()
            + " could not be repointed: reading keys failed; it is tried again from the last"
            + " checkpoint",
        cause);
  }

  private PositionDeleteIndex deletedRows(FileScanTask task) {
    // A row that was deleted again says nothing about where its key is now.
    return task.deletes().isEmpty()
        ? PositionDeleteIndex.empty()
        : new BaseDeleteLoader(delete -> table.table().io().newInputFile(delete))
            .loadPositionDeletes(task.deletes(), task.file().location());
  }

  private void repointInherited(TableLayout layout, long fileId, PositionDeleteIndex deleted) {
    DataFileRegistry files = table.files();
    try (FileKeys all = new FileKeys(table, layout, files.get(fileId), deleted, keyGroups)) {
      for (FileKeys.Batch batch = all.next(BATCH); batch != null; batch = all.next(BATCH)) {
        repoint(batch, (old, now) -> files.isKnown(RowLocation.fileId(old)) ? old : now);
      }
    }
  }

  /**
   * Does a slice of what is to be done.
   *
   * @param checkpointId the checkpoint under way; what is done now is in its state
   * @param rows about how many rows to look at
   */
  public void step(TableLayout layout, long checkpointId, int rows) {
    if (target == null && !begin(layout, checkpointId)) {
      return;
    }
    FileKeys.Batch batch = isWanted() ? nextKeys(rows) : null;
    if (batch == null) {
      target.done(subtask, checkpointId);
      close();
      return;
    }
    repoint(batch, (old, now) -> relocations.resolve(old) == now ? now : old);
  }

  /** Whether the target is still in the table: it may have been emptied, or rewritten again. */
  private boolean isWanted() {
    return relocations.targets().contains(target);
  }

  private FileKeys.Batch nextKeys(int rows) {
    try {
      return keys.next(rows);
    } catch (RuntimeException e) {
      if (isWanted()) {
        throw failed(e);
      }
      return null; // the file went out of the table while it was read
    }
  }

  private boolean begin(TableLayout layout, long checkpointId) {
    for (Relocations.Target next : relocations.targets()) {
      if (next.isDone(subtask)) {
        continue;
      }
      target = next;
      Optional<DataFileRef> file = table.files().find(next.fileId());
      if (file.isPresent() && open(layout, file.get())) {
        return true;
      }
      next.done(subtask, checkpointId);
    }
    target = null;
    return false;
  }

  private boolean open(TableLayout layout, DataFileRef file) {
    try {
      keys = new FileKeys(table, layout, file, PositionDeleteIndex.empty(), keyGroups);
      return true;
    } catch (RuntimeException e) {
      if (isWanted()) {
        target = null;
        throw failed(e);
      }
      return false;
    }
  }

  /**
   * @param decide gives the place to keep, from the one that the index has and the one in the file
   */
  private void repoint(FileKeys.Batch batch, LongBinaryOperator decide) {
    // A rewritten file has only rows that were live at one snapshot, so no key twice: of a
    // history's versions one is current, and the others are not in the batch.
    long[] now = batch.locations();
    index.repoint(
        batch.keys(), now.length, (number, found) -> decide.applyAsLong(found, now[number]));
  }

  /** Closes what is open; the work can go on with another target. */
  @Override
  public void close() {
    if (keys != null) {
      keys.close();
      keys = null;
    }
    target = null;
  }
}
