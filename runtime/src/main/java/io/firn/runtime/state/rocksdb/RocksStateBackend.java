package io.firn.runtime.state.rocksdb;

import io.firn.model.checkpoint.CheckpointStorage;
import io.firn.model.state.KeyGroupRange;
import io.firn.model.state.KeyGroups;
import io.firn.runtime.state.CorruptStateException;
import io.firn.runtime.state.KeyedStateStore;
import io.firn.runtime.state.StateBackend;
import io.firn.runtime.state.StateFile;
import io.firn.runtime.state.TaskStateFiles;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.rocksdb.RocksDBException;

/**
 * Keeps keyed state in local RocksDB databases under a directory that may vanish at any time
 * between two lives.
 */
public final class RocksStateBackend implements StateBackend {
  private final Path stateDirectory;
  private final RocksOptions options;
  private RocksResources resources;
  private WorkingDirectory working;

  /**
   * @param stateDirectory local directory for working files, used by this pipeline only
   * @param options memory limits
   */
  public RocksStateBackend(Path stateDirectory, RocksOptions options) {
    this.stateDirectory = stateDirectory.toAbsolutePath();
    this.options = options;
  }

  @Override
  public List<KeyedStateStore> create(long epoch, int parallelism) throws IOException {
    begin(epoch);
    List<KeyedStateStore> stores = new ArrayList<>();
    boolean complete = false;
    try {
      for (int task = 0; task < parallelism; task++) {
        stores.add(open(epoch, task, List.of()));
      }
      complete = true;
      return stores;
    } catch (RocksDBException e) {
      throw new IOException("RocksDB cannot create state in '" + stateDirectory + "'", e);
    } finally {
      if (!complete) {
        stores.forEach(KeyedStateStore::close);
      }
    }
  }

  @Override
  public List<KeyedStateStore> restore(
      long epoch, int parallelism, List<TaskStateFiles> checkpoint, CheckpointStorage storage)
      throws IOException, CorruptStateException {
    begin(epoch);
    List<KeyedStateStore> stores = new ArrayList<>();
    boolean complete = false;
    try {
      if (sameRanges(checkpoint, parallelism)) {
        for (int task = 0; task < parallelism; task++) {
          List<StateFile> files = checkpoint.get(task).files();
          Path directory = taskDirectory(task);
          StateFetcher.fetch(storage, files, RocksStateStore.databaseDirectory(directory));
          stores.add(open(epoch, task, files));
        }
      } else {
        rescale(epoch, parallelism, checkpoint, storage, stores);
      }
      complete = true;
      return stores;
    } catch (RocksDBException e) {
      throw new CorruptStateException("RocksDB cannot open the stored state: " + e, e);
    } finally {
      if (!complete) {
        stores.forEach(KeyedStateStore::close);
      }
    }
  }

  private void rescale(
      long epoch,
      int parallelism,
      List<TaskStateFiles> checkpoint,
      CheckpointStorage storage,
      List<KeyedStateStore> stores)
      throws RocksDBException, IOException, CorruptStateException {
    for (int task = 0; task < parallelism; task++) {
      stores.add(open(epoch, task, List.of()));
    }
    int covered = 0;
    for (int old = 0; old < checkpoint.size(); old++) {
      TaskStateFiles source = checkpoint.get(old);
      Path directory = working.path().resolve("old-task-" + old);
      StateFetcher.fetch(storage, source.files(), directory);
      try (KeyGroupCopier copier = new KeyGroupCopier(resources, directory)) {
        for (int task = 0; task < parallelism; task++) {
          KeyGroupRange common =
              intersection(source.keyGroups(), KeyGroups.rangeOf(task, parallelism));
          if (common != null) {
            copier.copy(common, stores.get(task));
            covered += common.end() - common.start();
          }
        }
      }
      Directories.deleteQuietly(directory);
    }
    if (covered != KeyGroups.COUNT) {
      throw new CorruptStateException(
          "The checkpoint has the state of " + covered + " key groups instead of all");
    }
  }

  private static boolean sameRanges(List<TaskStateFiles> checkpoint, int parallelism) {
    if (checkpoint.size() != parallelism) {
      return false;
    }
    for (int task = 0; task < parallelism; task++) {
      if (!checkpoint.get(task).keyGroups().equals(KeyGroups.rangeOf(task, parallelism))) {
        return false;
      }
    }
    return true;
  }

  private static KeyGroupRange intersection(KeyGroupRange one, KeyGroupRange other) {
    int start = Math.max(one.start(), other.start());
    int end = Math.min(one.end(), other.end());
    return start < end ? new KeyGroupRange(start, end) : null;
  }

  private void begin(long epoch) throws IOException {
    if (working != null) {
      working.close();
    }
    working = WorkingDirectory.create(stateDirectory, epoch);
    if (resources == null) {
      RocksLibrary.load(working.path());
      resources = new RocksResources(options);
    }
  }

  private Path taskDirectory(int task) {
    return working.path().resolve("task-" + task);
  }

  private RocksStateStore open(long epoch, int task, List<StateFile> files)
      throws RocksDBException, IOException {
    String prefix = "state/" + epoch + "/" + task + "/";
    return new RocksStateStore(resources, taskDirectory(task), new StoredFiles(prefix, files));
  }

  @Override
  public void close() {
    if (resources != null) {
      resources.close();
      resources = null;
    }
    if (working != null) {
      working.close();
      working = null;
    }
  }
}
