package io.firn.lake.compact;

import io.firn.lake.table.Relocations.Move;
import io.firn.lake.write.RowParquetWriters;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.DeleteFile;
import org.apache.iceberg.FileContent;
import org.apache.iceberg.FileScanTask;
import org.apache.iceberg.MetadataColumns;
import org.apache.iceberg.PartitionSpec;
import org.apache.iceberg.Schema;
import org.apache.iceberg.StructLike;
import org.apache.iceberg.Table;
import org.apache.iceberg.TableUtil;
import org.apache.iceberg.data.BaseDeleteLoader;
import org.apache.iceberg.data.parquet.InternalReader;
import org.apache.iceberg.deletes.PositionDeleteIndex;
import org.apache.iceberg.encryption.EncryptedOutputFile;
import org.apache.iceberg.io.CloseableIterable;
import org.apache.iceberg.io.DataWriter;
import org.apache.iceberg.parquet.Parquet;
import org.apache.iceberg.util.PartitionUtil;

/**
 * Writes the live rows of some files into one new file, one input after the other, each in its
 * order. In format version 3 rows keep their row id and the sequence number of their last update:
 * both are written as columns, as the specification asks.
 *
 * <p><b>Threading</b>: one thread; interrupting it ends the work.
 */
final class FileRewriter {
  private static final int PAUSE_ROWS = 256;

  private final RewriteJob job;
  private final CpuThrottle throttle;
  private final Schema schema;
  private long written;

  FileRewriter(RewriteJob job, CpuThrottle throttle) {
    this.job = job;
    this.throttle = throttle;
    Table table = job.table();
    this.schema =
        TableUtil.formatVersion(table) >= 3
            ? MetadataColumns.schemaWithRowLineage(table.schema())
            : table.schema();
  }

  /**
   * Writes the file.
   *
   * @throws IllegalStateException if the inputs are not as planned
   */
  RewrittenFile rewrite() throws IOException, InterruptedException {
    long cpuBefore = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
    Map<String, FileScanTask> tasks = inputs();
    Table table = job.table();
    PartitionSpec spec = job.spec();
    StructLike partition = spec.isUnpartitioned() ? null : job.plan().inputs().get(0).partition();
    EncryptedOutputFile output = job.encryption().encrypt(table.io().newOutputFile(job.location()));
    DataWriter<StructLike> writer = RowParquetWriters.open(table, schema, spec, output, partition);
    Map<String, Move> moves = new LinkedHashMap<>();
    boolean complete = false;
    try {
      for (DataFile input : job.plan().inputs()) {
        moves.put(input.location(), copy(tasks.get(input.location()), writer));
      }
      writer.close();
      complete = true;
    } finally {
      if (!complete) {
        abandon(writer, output);
      }
    }
    return new RewrittenFile(
        job,
        writer.toDataFile(),
        moves,
        ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime() - cpuBefore);
  }

  /** The inputs as the snapshot has them: with their deletes, first row ids, sequence numbers. */
  private Map<String, FileScanTask> inputs() throws IOException {
    Map<String, FileScanTask> tasks = new LinkedHashMap<>();
    for (DataFile input : job.plan().inputs()) {
      tasks.put(input.location(), null);
    }
    try (CloseableIterable<FileScanTask> all =
        job.table().newScan().useSnapshot(job.snapshotId()).planFiles()) {
      for (FileScanTask task : all) {
        tasks.replace(task.file().location(), task);
      }
    }
    for (Map.Entry<String, FileScanTask> entry : tasks.entrySet()) {
      if (entry.getValue() == null) {
        throw new IllegalStateException("data file '" + entry.getKey() + "' is gone");
      }
      for (DeleteFile delete : entry.getValue().deletes()) {
        if (delete.content() == FileContent.EQUALITY_DELETES) {
          throw new IllegalStateException(
              "'" + delete.location() + "' holds equality deletes, which Firn never writes");
        }
      }
    }
    return tasks;
  }

  private Move copy(FileScanTask task, DataWriter<StructLike> writer)
      throws IOException, InterruptedException {
    PositionDeleteIndex deleted =
        task.deletes().isEmpty()
            ? PositionDeleteIndex.empty()
            : new BaseDeleteLoader(file -> job.table().io().newInputFile(file))
                .loadPositionDeletes(task.deletes(), task.file().location());
    int[] gone = new int[16];
    int goneCount = 0;
    long offset = written;
    int position = 0;
    Map<Integer, ?> constants = PartitionUtil.constantsMap(task);
    try (CloseableIterable<StructLike> rows =
        Parquet.read(job.table().io().newInputFile(task.file()))
            .project(schema)
            .createReaderFunc(fileSchema -> InternalReader.create(schema, fileSchema, constants))
            .reuseContainers()
            .build()) {
      for (StructLike row : rows) {
        if (deleted.isDeleted(position)) {
          if (goneCount == gone.length) {
            gone = Arrays.copyOf(gone, goneCount * 2);
          }
          gone[goneCount++] = position;
        } else {
          writer.write(row);
          written++;
        }
        if (++position % PAUSE_ROWS == 0) {
          throttle.pause();
        }
      }
    }
    if (position != task.file().recordCount()) {
      throw new IllegalStateException(
          "data file '"
              + task.file().location()
              + "' has "
              + position
              + " rows instead of "
              + task.file().recordCount());
    }
    throttle.pause();
    return new Move(job.name().fileId(), offset, Arrays.copyOf(gone, goneCount));
  }

  private void abandon(DataWriter<StructLike> writer, EncryptedOutputFile output) {
    try {
      writer.close();
    } catch (IOException | RuntimeException e) {
      Compactor.LOG.debug("Closing the abandoned file '{}' failed", output, e);
    }
    Compactor.delete(job, output.encryptingOutputFile().location());
  }
}
