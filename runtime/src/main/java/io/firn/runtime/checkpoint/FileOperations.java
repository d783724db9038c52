package io.firn.runtime.checkpoint;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;

/**
 * The changes that {@link LocalCheckpointStorage} makes to a file system, one method each, so that
 * a test can fail, cut short or end the process at the N-th of them.
 *
 * <p><b>Threading</b>: thread-safe.
 */
public interface FileOperations {

  /** The real file system. */
  FileOperations SYSTEM = new SystemFileOperations();

  /** Makes a directory and its missing parents, for the owner only; fine if it is there. */
  void createDirectories(Path directory) throws IOException;

  /**
   * Creates a file for the owner only.
   *
   * @throws java.nio.file.FileAlreadyExistsException if the name is taken
   */
  NewFile create(Path file) throws IOException;

  /** Makes an existing file's content durable. */
  void force(Path file) throws IOException;

  /** Gives a file another name in one step, replacing what has that name. */
  void rename(Path from, Path to) throws IOException;

  /**
   * Gives a file a second name.
   *
   * @throws java.nio.file.FileAlreadyExistsException if the name is taken
   * @throws UnsupportedOperationException if the file system has no hard links
   */
  void link(Path existing, Path link) throws IOException;

  /** Removes a file, if it is there. */
  void delete(Path file) throws IOException;

  /** Makes the names in a directory durable. */
  void fsyncDirectory(Path directory) throws IOException;

  /** A file being written. */
  interface NewFile extends Closeable {
    /**
     * Appends some of the remaining bytes.
     *
     * @return how many; on a full disk fewer than asked for
     */
    int write(ByteBuffer bytes) throws IOException;

    /** Makes what was written durable. */
    void force() throws IOException;
  }
}
