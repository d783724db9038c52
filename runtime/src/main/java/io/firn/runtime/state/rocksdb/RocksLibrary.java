package io.firn.runtime.state.rocksdb;

import java.io.IOException;
import java.nio.file.Path;
import org.rocksdb.NativeLibraryLoader;
import org.rocksdb.RocksDB;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Unpacks RocksDB's native library where the next life removes what a killed process left.
 *
 * <p>RocksDB itself unpacks 17 MB into the directory for temporary files and removes them when the
 * process ends in good order; each kill would leave a copy there.
 */
final class RocksLibrary {
  private static final Logger LOG = LoggerFactory.getLogger(RocksLibrary.class);

  private RocksLibrary() {}

  /** Loads the library, if it is not yet; the directory may be removed afterwards. */
  static void load(Path directory) {
    try {
      NativeLibraryLoader.getInstance().loadLibrary(directory.toString());
    } catch (IOException | RuntimeException | UnsatisfiedLinkError e) {
      // Such as a file system that is mounted without the right to execute.
      LOG.info("RocksDB's library cannot be loaded from '{}': {}", directory, e.toString());
    }
    // Anew, in the directory for temporary files, if that failed.
    RocksDB.loadLibrary();
  }
}
