package io.firn.lake.registry;

import io.firn.lake.guard.FirnProperties;
import io.firn.lake.guard.TableMark;
import io.firn.lake.table.DataFileRegistry;
import io.firn.lake.table.LakeTable;
import io.firn.lake.table.WriteMode;
import io.firn.model.error.InconsistentStateException;
import io.firn.model.schema.TableId;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.iceberg.BaseTable;
import org.apache.iceberg.HasTableOperations;
import org.apache.iceberg.StaticTableOperations;
import org.apache.iceberg.Table;
import org.apache.iceberg.TableMetadata;
import org.apache.iceberg.TableOperations;
import org.apache.iceberg.catalog.TableIdentifier;

/**
 * A table of the pipeline in the lake, with what the sink knows about its state.
 *
 * <p><b>Threading</b>: writers' threads announce, the committer's thread does everything else; what
 * both see is volatile.
 */
public final class PipelineTable {
  private final TableId id;
  private final TableIdentifier identifier;
  private final Table table;
  private final Set<TableId> sources = ConcurrentHashMap.newKeySet();
  private volatile TableMark mark;
  private volatile LakeTable lakeTable;
  private volatile int lastColumnId = -1;
  private LiveFiles liveFiles;
  private DataFileRegistry files;
  private long newestSequenceNumber;

  PipelineTable(TableId id, TableIdentifier identifier, Table table) {
    this.id = id;
    this.identifier = identifier;
    this.table = table;
    this.mark = TableMark.of(metadata());
    this.newestSequenceNumber = metadata().lastSequenceNumber();
  }

  /** The table's name in the pipeline. */
  public TableId id() {
    return id;
  }

  /** The table's name in the catalog. */
  public TableIdentifier identifier() {
    return identifier;
  }

  /** The Iceberg table. Refreshed by the committer only. */
  public Table table() {
    return table;
  }

  /** Iceberg's access to the table's metadata. */
  public TableOperations operations() {
    return ((HasTableOperations) table).operations();
  }

  /** The metadata as of the last refresh. */
  public TableMetadata metadata() {
    return operations().current();
  }

  /** The table as of the last refresh, for work that takes long. */
  public Table asOfNow() {
    return new BaseTable(
        new StaticTableOperations(metadata(), table.io(), table.locationProvider()), table.name());
  }

  /** What the metadata says about Firn, as of the last refresh. */
  public TableMark mark() {
    return mark;
  }

  /** The table as writers know it; null before it was announced in this life. */
  public LakeTable lakeTable() {
    return lakeTable;
  }

  /** The numbers of its data files. */
  public DataFileRegistry files() {
    LakeTable announcedTable = lakeTable;
    return announcedTable != null ? announcedTable.files() : files;
  }

  /** Lets the files be known without an announcement. */
  void use(DataFileRegistry registry) {
    files = registry;
  }

  /** How changes become rows of it. */
  public WriteMode mode() {
    String name = metadata().property(FirnProperties.WRITE_MODE, WriteMode.UPSERT.text());
    return WriteMode.of(name)
        .orElseThrow(
            () ->
                new InconsistentStateException(
                    "Table "
                        + id
                        + " cannot be continued: its table property '"
                        + FirnProperties.WRITE_MODE
                        + "' is '"
                        + name
                        + "', which this version does not know; restore the property, or use the"
                        + " version that wrote it"));
  }

  /** Source tables that were announced to lead here in this life. */
  public Set<TableId> sources() {
    return sources;
  }

  /**
   * Highest column id that this life knows of; -1 before the table was announced. If the table has
   * a higher one, somebody else added columns.
   */
  public int lastColumnId() {
    return lastColumnId;
  }

  /**
   * Reads the metadata again.
   *
   * @return whether it is at least as new as what was read before: catalogs that are read from
   *     replicas show an older version for a while
   */
  public boolean refresh() {
    operations().refresh();
    return remember();
  }

  /** Remembers the state after a commit of ours; returns the same as {@link #refresh}. */
  public boolean committed() {
    boolean fresh = remember();
    lastColumnId = metadata().lastColumnId();
    return fresh;
  }

  private boolean remember() {
    mark = TableMark.of(metadata());
    // Every snapshot has a higher one, and rolling back does not lower it.
    long sequenceNumber = metadata().lastSequenceNumber();
    boolean fresh = sequenceNumber >= newestSequenceNumber;
    newestSequenceNumber = Math.max(newestSequenceNumber, sequenceNumber);
    return fresh;
  }

  /** The live files if those of this snapshot are known; null otherwise. */
  public LiveFiles knownLiveFiles(Long snapshotId) {
    return liveFiles != null && java.util.Objects.equals(liveFiles.snapshotId(), snapshotId)
        ? liveFiles
        : null;
  }

  /** The live files of the current snapshot, read anew only if somebody else committed. */
  public LiveFiles liveFiles() {
    TableMetadata metadata = metadata();
    Long current =
        metadata.currentSnapshot() == null ? null : metadata.currentSnapshot().snapshotId();
    if (liveFiles == null || !java.util.Objects.equals(liveFiles.snapshotId(), current)) {
      liveFiles =
          LiveFiles.read(metadata.currentSnapshot(), operations().io(), metadata.specsById());
    }
    return liveFiles;
  }

  void fenced(TableMark newMark) {
    mark = newMark;
  }

  void announced(LakeTable announcedTable) {
    lastColumnId = announcedTable.initialLayout().lastColumnId();
    lakeTable = announcedTable;
  }
}
