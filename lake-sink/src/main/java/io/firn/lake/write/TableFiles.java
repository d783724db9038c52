package io.firn.lake.write;

import io.firn.lake.catalog.Secrets;
import io.firn.lake.catalog.StorageFailures;
import io.firn.lake.table.DataFileName;
import io.firn.lake.table.DataFileRef;
import io.firn.lake.table.LakeTable;
import io.firn.lake.table.TableLayout;
import io.firn.model.sink.WriterContext;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.PartitionKey;
import org.apache.iceberg.Table;
import org.apache.iceberg.TableProperties;
import org.apache.iceberg.encryption.EncryptedOutputFile;
import org.apache.iceberg.io.DataWriter;
import org.apache.iceberg.util.PropertyUtil;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The data files that one task writes for one table in the current checkpoint: one open file per
 * partition, and those completed.
 *
 * <p><b>Threading</b>: one thread.
 */
final class TableFiles {
  static final Logger LOG = LoggerFactory.getLogger(TableFiles.class);

  private final LakeTable lakeTable;
  private final WriterContext context;
  private final OpenFiles openFiles;
  private final long targetBytes;
  private final long rowGroupBytes;
  private final Map<PartitionKey, OpenDataFile> open = new HashMap<>();
  private final List<OpenDataFile> finishedFiles = new ArrayList<>();
  private final List<DataFile> finished = new ArrayList<>();
  private TableLayout layout;
  private long checkpointId;

  TableFiles(LakeTable lakeTable, WriterContext context, OpenFiles openFiles) {
    this.lakeTable = lakeTable;
    this.context = context;
    this.openFiles = openFiles;
    this.layout = lakeTable.initialLayout();
    this.checkpointId = context.firstCheckpointId();
    this.targetBytes = targetBytes(lakeTable.table());
    this.rowGroupBytes = RowParquetWriters.rowGroupBytes(lakeTable.table());
  }

  /** The size at which a table's files are completed. */
  static long targetBytes(Table table) {
    return PropertyUtil.propertyAsLong(
        table.properties(),
        TableProperties.WRITE_TARGET_FILE_SIZE_BYTES,
        TableProperties.WRITE_TARGET_FILE_SIZE_BYTES_DEFAULT);
  }

  TableLayout layout() {
    return layout;
  }

  /** Goes on with another layout; completes the files of the old one. */
  void useLayout(TableLayout newLayout) {
    finishAll();
    layout = newLayout;
  }

  /**
   * The open file of a partition that has room for a row.
   *
   * @param partition a partition of the layout's spec; copied if kept; null if the table has none
   */
  OpenDataFile fileFor(PartitionKey partition) {
    OpenDataFile file = open.get(partition);
    if (file == null) {
      openFiles.makeRoom();
      PartitionKey key = partition == null ? null : partition.copy();
      file = open(key);
      open.put(key, file);
    }
    openFiles.used(file);
    return file;
  }

  private OpenDataFile open(PartitionKey partition) {
    Table table = lakeTable.table();
    long fileId = lakeTable.files().newFileId();
    String name =
        new DataFileName(
                DataFileName.hashOf(context.pipelineId()),
                context.epoch(),
                checkpointId,
                context.subtask(),
                fileId)
            .format("parquet");
    String path =
        partition == null
            ? table.locationProvider().newDataLocation(name)
            : table.locationProvider().newDataLocation(layout.spec(), partition, name);
    EncryptedOutputFile output;
    DataWriter<RowView> writer;
    try {
      output = table.encryption().encrypt(table.io().newOutputFile(path));
      writer = RowParquetWriters.open(table, layout.schema(), layout.spec(), output, partition);
    } catch (IOException | RuntimeException e) {
      throw StorageFailures.of(
          "Opening data file '" + path + "'", "check the storage", e, Secrets.NONE);
    }
    // As the manifests will have it, not as it was asked for: Hadoop writes file:/x for file:///x.
    String location = output.encryptingOutputFile().location();
    DataFileRef ref = new DataFileRef(fileId, location, layout.spec().specId(), partition);
    lakeTable.files().register(ref);
    return new OpenDataFile(this, ref, writer, targetBytes, rowGroupBytes);
  }

  /** Completes an open file. */
  void finish(OpenDataFile file) {
    openFiles.closed(file);
    open.remove((PartitionKey) file.ref().partition());
    finishedFiles.add(file);
    finished.add(file.finish());
  }

  /** Completes every open file, so that it can be read. */
  void finishAll() {
    for (OpenDataFile file : List.copyOf(open.values())) {
      finish(file);
    }
  }

  /** Completes everything and hands over this checkpoint's files; the next checkpoint begins. */
  List<DataFile> handOver(long endedCheckpointId) {
    finishAll();
    List<DataFile> files = List.copyOf(finished);
    finished.clear();
    finishedFiles.clear();
    checkpointId = endedCheckpointId + 1;
    return files;
  }

  /** Gives up everything not handed over, and deletes it where that can be done. */
  void discard() {
    List<OpenDataFile> all = new ArrayList<>(finishedFiles);
    for (OpenDataFile file : open.values()) {
      openFiles.closed(file);
      file.abandon();
      all.add(file);
    }
    open.clear();
    finished.clear();
    finishedFiles.clear();
    for (OpenDataFile file : all) {
      lakeTable.files().forget(file.ref().fileId());
      try {
        lakeTable.table().io().deleteFile(file.ref().path());
      } catch (RuntimeException e) {
        LOG.warn("Left-over data file '{}' could not be deleted", file.ref().path(), e);
      }
    }
  }
}
