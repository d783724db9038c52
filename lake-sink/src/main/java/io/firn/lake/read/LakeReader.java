package io.firn.lake.read;

import io.firn.lake.LakeSinkOptions;
import io.firn.lake.catalog.LakeCatalog;
import io.firn.lake.catalog.TableNames;
import io.firn.lake.guard.FirnProperties;
import io.firn.lake.guard.Marker;
import io.firn.lake.guard.TableIds;
import io.firn.lake.registry.LiveFiles;
import io.firn.lake.table.WriteMode;
import io.firn.model.error.ConfigurationException;
import io.firn.model.schema.TableId;
import io.firn.model.stream.SourcePosition;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.iceberg.BaseTable;
import org.apache.iceberg.ContentFile;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.Table;
import org.apache.iceberg.catalog.TableIdentifier;
import org.apache.iceberg.exceptions.NoSuchTableException;
import org.apache.iceberg.util.SnapshotUtil;

/**
 * Reads what is in the lake: for verification, and for people who want to know.
 *
 * <p><b>Threading</b>: thread-safe; cursors are used by one thread each.
 */
public final class LakeReader implements AutoCloseable {
  private final LakeCatalog catalog;
  private final LakeSinkOptions options;

  private LakeReader(LakeCatalog catalog, LakeSinkOptions options) {
    this.catalog = catalog;
    this.options = options;
  }

  /**
   * Connects to the catalog.
   *
   * @throws ConfigurationException if that is not possible
   */
  public static LakeReader open(LakeSinkOptions options) {
    return new LakeReader(LakeCatalog.open(options), options);
  }

  /** Reads through a catalog that is open already; closing the reader closes it. */
  public static LakeReader of(LakeCatalog catalog, LakeSinkOptions options) {
    return new LakeReader(catalog, options);
  }

  /**
   * One snapshot of a table.
   *
   * @param snapshotId its id
   * @param parentId the snapshot before it, or null
   * @param operation Iceberg's name for what it did
   * @param firnOperation {@code checkpoint} or {@code fence}; empty if Firn did not make it
   * @param marker the newest checkpoint it contains, if it says so
   * @param rows number of live rows as the summary counts them; -1 if it does not
   */
  public record SnapshotInfo(
      long snapshotId,
      Long parentId,
      String operation,
      Optional<String> firnOperation,
      Optional<Marker> marker,
      long rows) {
    /**
     * Whether this snapshot is the commit of a checkpoint, and not something carrying its marker.
     */
    public boolean isCheckpoint() {
      return firnOperation.filter("checkpoint"::equals).isPresent();
    }
  }

  /**
   * One live file.
   *
   * @param location where it is
   * @param content {@code DATA}, {@code POSITION_DELETES} or {@code EQUALITY_DELETES}
   * @param format {@code PARQUET}, {@code PUFFIN}...
   * @param records rows, or deleted positions
   * @param bytes size of the file; several deletion vectors share one
   */
  public record FileInfo(
      String location, String content, String format, long records, long bytes) {}

  /** Tables that a pipeline wrote. */
  public List<TableId> tables(String pipelineId) {
    List<TableId> found = new ArrayList<>();
    for (TableIdentifier identifier : catalog.tables(options.databases())) {
      Table table = catalog.iceberg().loadTable(identifier);
      String name = table.properties().get(FirnProperties.TABLE);
      if (name != null && pipelineId.equals(table.properties().get(FirnProperties.PIPELINE_ID))) {
        found.add(TableIds.fromJson(name));
      }
    }
    return found;
  }

  /** Whether there is a table of this name. */
  public boolean exists(TableId id) {
    return catalog.calling(
        "Looking for table " + id, () -> catalog.iceberg().tableExists(TableNames.identifier(id)));
  }

  /**
   * A table as it is now.
   *
   * @throws ConfigurationException if there is none
   */
  public BaseTable table(TableId id) {
    return catalog.calling(
        "Loading table " + id,
        () -> {
          try {
            return (BaseTable) catalog.iceberg().loadTable(TableNames.identifier(id));
          } catch (NoSuchTableException e) {
            throw new ConfigurationException(
                "Reading table "
                    + id
                    + " failed: the catalog has no table '"
                    + TableNames.identifier(id)
                    + "'; run the pipeline first",
                e);
          }
        });
  }

  /** How changes become rows of a table; upsert if the table does not say. */
  public WriteMode writeMode(TableId id) {
    return Optional.ofNullable(table(id).properties().get(FirnProperties.WRITE_MODE))
        .flatMap(WriteMode::of)
        .orElse(WriteMode.UPSERT);
  }

  /** Where the table's current metadata file is, for engines that are told to read just that. */
  public String metadataLocation(TableId id) {
    return table(id).operations().current().metadataFileLocation();
  }

  /** The snapshots that led to the table's current state, oldest first. */
  public List<SnapshotInfo> snapshots(TableId id) {
    Table table = table(id);
    List<SnapshotInfo> snapshots = new ArrayList<>();
    if (table.currentSnapshot() != null) {
      for (Snapshot snapshot :
          SnapshotUtil.ancestorsOf(table.currentSnapshot().snapshotId(), table::snapshot)) {
        snapshots.add(0, info(snapshot));
      }
    }
    return snapshots;
  }

  private static SnapshotInfo info(Snapshot snapshot) {
    return new SnapshotInfo(
        snapshot.snapshotId(),
        snapshot.parentId(),
        snapshot.operation(),
        Optional.ofNullable(snapshot.summary().get(FirnProperties.OPERATION)),
        Marker.fromSummary(snapshot.summary()),
        Long.parseLong(snapshot.summary().getOrDefault("total-records", "-1"))
            - Long.parseLong(snapshot.summary().getOrDefault("total-position-deletes", "0")));
  }

  /** The newest checkpoint in the table. */
  public Optional<Marker> newestMarker(TableId id) {
    String marker = table(id).properties().get(FirnProperties.MARKER);
    return Optional.ofNullable(marker).map(Marker::fromJson);
  }

  /**
   * The newest snapshot whose checkpoint lies at or before a source position: exactly the rows up
   * to there if the position is that of a checkpoint of the pipeline.
   */
  public Optional<SnapshotInfo> snapshotAt(TableId id, SourcePosition position) {
    return newestWhere(id, marker -> marker.position().compareTo(position) <= 0);
  }

  /** The newest snapshot that contains nothing after a checkpoint. */
  public Optional<SnapshotInfo> snapshotAtCheckpoint(TableId id, long checkpointId) {
    return newestWhere(id, marker -> marker.checkpointId() <= checkpointId);
  }

  private Optional<SnapshotInfo> newestWhere(
      TableId id, java.util.function.Predicate<Marker> condition) {
    Optional<SnapshotInfo> newest = Optional.empty();
    for (SnapshotInfo snapshot : snapshots(id)) {
      if (snapshot.marker().filter(condition).isPresent()) {
        newest = Optional.of(snapshot);
      }
    }
    return newest;
  }

  /** The live files of the current snapshot. */
  public List<FileInfo> files(TableId id) {
    Table table = table(id);
    LiveFiles live = LiveFiles.read(table.currentSnapshot(), table.io(), table.specs());
    List<FileInfo> files = new ArrayList<>();
    live.dataFiles().forEach(file -> files.add(info(file)));
    live.deleteFiles().forEach(file -> files.add(info(file)));
    return files;
  }

  private static FileInfo info(ContentFile<?> file) {
    return new FileInfo(
        file.location(),
        file.content().name(),
        file.format().name(),
        file.recordCount(),
        file.fileSizeInBytes());
  }

  /** The rows of the current snapshot, in no particular order. */
  public RowCursor rows(TableId id) {
    BaseTable table = table(id);
    return table.currentSnapshot() == null
        ? RowCursor.empty(table.schema())
        : RowCursor.open(table, table.currentSnapshot().snapshotId(), table.schema());
  }

  /**
   * The rows of a snapshot, in no particular order, with the columns of the table's current schema.
   */
  public RowCursor rows(TableId id, long snapshotId) {
    BaseTable table = table(id);
    return RowCursor.open(table, snapshotId, table.schema());
  }

  /**
   * The rows of a snapshot with some columns only.
   *
   * @param columns names in the current schema, in the order wanted
   */
  public RowCursor rows(TableId id, long snapshotId, List<String> columns) {
    BaseTable table = table(id);
    List<org.apache.iceberg.types.Types.NestedField> fields = new ArrayList<>();
    for (String column : columns) {
      fields.add(table.schema().findField(column));
    }
    return RowCursor.open(table, snapshotId, new org.apache.iceberg.Schema(fields));
  }

  /**
   * Counts the live rows of the current snapshot by reading deletes, not by believing summaries.
   */
  public long countRows(TableId id) {
    long rows = 0;
    try (RowCursor cursor = rows(id)) {
      while (cursor.next() != null) {
        rows++;
      }
    }
    return rows;
  }

  @Override
  public void close() {
    catalog.close();
  }
}
