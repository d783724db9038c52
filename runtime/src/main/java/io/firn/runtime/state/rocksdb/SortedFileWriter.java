package io.firn.runtime.state.rocksdb;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.rocksdb.ColumnFamilyHandle;
import org.rocksdb.EnvOptions;
import org.rocksdb.IngestExternalFileOptions;
import org.rocksdb.Options;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;
import org.rocksdb.SstFileWriter;

/**
 * Brings large sorted batches into a database as files, past the memtables: a fifth of the CPU time
 * (docs/adr/004).
 *
 * <p><b>Threading</b>: one thread.
 */
final class SortedFileWriter implements AutoCloseable {
  private static final int BUFFER_BYTES = 4096;

  private final RocksDB database;
  private final Path directory;
  private final Options options;
  private final EnvOptions environment = new EnvOptions();
  private final IngestExternalFileOptions ingestion =
      new IngestExternalFileOptions().setMoveFiles(true).setWriteGlobalSeqno(false);
  private ByteBuffer key = ByteBuffer.allocateDirect(BUFFER_BYTES);
  private ByteBuffer value = ByteBuffer.allocateDirect(BUFFER_BYTES);
  private long files;

  SortedFileWriter(RocksDB database, Path directory, RocksResources resources) {
    this.database = database;
    this.directory = directory;
    this.options = new Options(resources.database, resources.table);
  }

  /**
   * Sets or removes keys.
   *
   * @param keys distinct, in ascending order
   * @param values null removes
   */
  void write(ColumnFamilyHandle family, byte[][] keys, byte[][] values, int count)
      throws RocksDBException {
    Path file = directory.resolve("sorted-" + files++ + ".sst");
    try (SstFileWriter writer = new SstFileWriter(environment, options)) {
      writer.open(file.toString());
      for (int i = 0; i < count; i++) {
        if (values[i] == null) {
          writer.delete(keys[i]);
        } else {
          key = fill(key, keys[i]);
          value = fill(value, values[i]);
          writer.put(key, value);
        }
      }
      writer.finish();
      database.ingestExternalFile(family, List.of(file.toString()), ingestion);
    } finally {
      delete(file);
    }
  }

  private static ByteBuffer fill(ByteBuffer buffer, byte[] bytes) {
    ByteBuffer target =
        bytes.length <= buffer.capacity() ? buffer : ByteBuffer.allocateDirect(bytes.length * 2);
    target.clear().put(bytes).flip();
    return target;
  }

  /** Ingested files are links in the database: their first name has no use any more. */
  private static void delete(Path file) {
    try {
      Files.deleteIfExists(file);
    } catch (IOException e) {
      Directories.deleteQuietly(file); // goes with the directory otherwise
    }
  }

  @Override
  public void close() {
    ingestion.close();
    environment.close();
    options.close();
  }
}
