package io.firn.lake.write;

import io.firn.lake.catalog.Secrets;
import io.firn.lake.catalog.StorageFailures;
import io.firn.lake.index.RowLocation;
import io.firn.lake.table.DataFileRef;
import io.firn.model.error.FirnException;
import java.io.IOException;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.io.DataWriter;

/**
 * A data file that rows are being added to.
 *
 * <p><b>Threading</b>: one thread.
 */
final class OpenDataFile {
  private static final int LENGTH_CHECK_ROWS = 1000;

  private final TableFiles owner;
  private final DataFileRef ref;
  private final DataWriter<RowView> writer;
  private final long targetBytes;
  private final long rowGroupBytes;
  private long rows;

  OpenDataFile(
      TableFiles owner,
      DataFileRef ref,
      DataWriter<RowView> writer,
      long targetBytes,
      long rowGroupBytes) {
    this.owner = owner;
    this.ref = ref;
    this.writer = writer;
    this.targetBytes = targetBytes;
    this.rowGroupBytes = rowGroupBytes;
  }

  DataFileRef ref() {
    return ref;
  }

  TableFiles owner() {
    return owner;
  }

  /**
   * Adds a row.
   *
   * @return its location
   */
  long write(RowView row) {
    try {
      writer.write(row);
    } catch (RuntimeException e) {
      // Half a row is in the file, so the file cannot be used any more either way.
      throw failed(e);
    }
    return RowLocation.of(ref.fileId(), rows++);
  }

  /** Whether the file has reached its size. Looks at the size now and then only. */
  boolean isFull() {
    return (rows % LENGTH_CHECK_ROWS == 0 && writer.length() >= targetBytes)
        || rows >= RowLocation.MAX_ROWS_PER_FILE;
  }

  /** About how many bytes are not yet on storage. */
  long heldBytes() {
    return Math.min(writer.length(), rowGroupBytes);
  }

  /** Completes the file. */
  DataFile finish() {
    try {
      writer.close();
      return writer.toDataFile();
    } catch (IOException | RuntimeException e) {
      throw failed(e);
    }
  }

  /** Gives the file up, whatever state it is in. */
  void abandon() {
    try {
      writer.close();
    } catch (IOException | RuntimeException e) {
      TableFiles.LOG.debug("Closing the abandoned file '{}' failed", ref.path(), e);
    }
  }

  private RuntimeException failed(Exception cause) {
    if (!(cause instanceof FirnException) && !StorageFailures.isStorage(cause)) {
      // A value that does not fit, or a mistake of ours: trying again would only hide it.
      return new IllegalStateException("Writing rows to '" + ref.path() + "' failed", cause);
    }
    return StorageFailures.of(
        "Writing data file '" + ref.path() + "'",
        "check the storage and its free space",
        cause,
        Secrets.NONE);
  }
}
