package io.firn.lake.registry;

import io.firn.lake.LakeSinkOptions;
import io.firn.lake.catalog.LakeCatalog;
import io.firn.lake.catalog.TableNames;
import io.firn.lake.guard.FirnProperties;
import io.firn.lake.guard.Marker;
import io.firn.lake.guard.Possession;
import io.firn.lake.guard.TableIds;
import io.firn.lake.guard.TableMark;
import io.firn.lake.layout.TableLayouts;
import io.firn.lake.table.DataFileName;
import io.firn.lake.table.DataFileRef;
import io.firn.lake.table.DataFileRegistry;
import io.firn.lake.table.LakeTable;
import io.firn.lake.table.LakeTables;
import io.firn.lake.table.WriteMode;
import io.firn.model.checkpoint.CheckpointMark;
import io.firn.model.error.ConfigurationException;
import io.firn.model.error.InconsistentStateException;
import io.firn.model.error.RetryableException;
import io.firn.model.schema.TableId;
import io.firn.model.sink.Sink.LakeState;
import io.firn.model.sink.TableState;
import io.firn.model.stream.SchemaChange;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.Table;
import org.apache.iceberg.catalog.TableIdentifier;
import org.apache.iceberg.exceptions.NoSuchTableException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The tables of one life of the pipeline: finds them in the catalog, takes possession of them, and
 * creates or loads a table when the stream announces it.
 *
 * <p><b>Threading</b>: thread-safe.
 */
public final class PipelineTables implements LakeTables {
  private static final Logger LOG = LoggerFactory.getLogger(PipelineTables.class);

  private final LakeCatalog catalog;
  private final LakeSinkOptions options;
  private final TableCreation creation;
  private final String pipelineId;
  private final String owner;
  private final ConcurrentMap<TableId, PipelineTable> tables = new ConcurrentHashMap<>();
  private volatile Possession possession;
  private volatile Optional<LakeState> stateOfThisLife;

  private PipelineTables(
      LakeCatalog catalog, LakeSinkOptions options, String pipelineId, String owner) {
    this.catalog = catalog;
    this.options = options;
    this.creation = new TableCreation(catalog, options);
    this.pipelineId = pipelineId;
    this.owner = owner;
  }

  /**
   * Looks for the tables of a pipeline. Changes nothing.
   *
   * @param owner name of this instance, never used by another one
   * @throws InconsistentStateException if a table of the pipeline lost its marker
   */
  public static PipelineTables find(
      LakeCatalog catalog, LakeSinkOptions options, String pipelineId, String owner) {
    PipelineTables found = new PipelineTables(catalog, options, pipelineId, owner);
    for (TableIdentifier identifier : catalog.tables(options.databases())) {
      Table table;
      try {
        table =
            catalog.calling(
                "Loading table '" + identifier + "'", () -> loadOrNull(catalog, identifier));
      } catch (RetryableException e) {
        throw new RetryableException(
            e.getMessage() + "; if the table is not Firn's and broken, drop it", e);
      }
      String name = table == null ? null : table.properties().get(FirnProperties.TABLE);
      boolean ours =
          table != null && pipelineId.equals(table.properties().get(FirnProperties.PIPELINE_ID));
      if (ours && name != null) {
        TableId id = TableIds.fromJson(name);
        PipelineTable known = new PipelineTable(id, identifier, table);
        requireMarkerWhereRows(known);
        found.tables.merge(id, known, PipelineTables::original);
      }
    }
    return found;
  }

  /** A table that was copied with its properties, or registered twice, is found twice. */
  private static PipelineTable original(PipelineTable one, PipelineTable other) {
    TableIdentifier expected = TableNames.identifier(one.id());
    for (PipelineTable table : List.of(one, other)) {
      if (table.identifier().equals(expected)) {
        PipelineTable copy = table == one ? other : one;
        LOG.warn("Table '{}' says it is {} and is ignored", copy.identifier(), one.id());
        return table;
      }
    }
    throw new InconsistentStateException(
        "Table "
            + one.id()
            + " cannot be continued: both '"
            + one.identifier()
            + "' and '"
            + other.identifier()
            + "' say that they are it; remove table property '"
            + FirnProperties.TABLE
            + "' from the one that is a copy");
  }

  private static Table loadOrNull(LakeCatalog catalog, TableIdentifier identifier) {
    try {
      return catalog.iceberg().loadTable(identifier);
    } catch (NoSuchTableException e) {
      return null;
    }
  }

  private static void requireMarkerWhereRows(PipelineTable table) {
    if (table.mark().newest().isEmpty() && hasRows(table.table())) {
      throw new InconsistentStateException(
          "Table "
              + table.id()
              + " cannot be continued: Firn wrote it, and its marker (table property '"
              + FirnProperties.MARKER
              + "') is gone; restore the property and start again. If it is lost, mirror anew into"
              + " new tables under another pipeline name");
    }
  }

  private static boolean hasRows(Table table) {
    if (table.currentSnapshot() == null) {
      return false;
    }
    String records = table.currentSnapshot().summary().get("total-records");
    return records == null || !records.equals("0");
  }

  /** What the tables remember together, as of now. */
  public Optional<LakeState> state() {
    Map<TableId, TableMark> marks = new HashMap<>();
    tables.forEach((id, table) -> marks.put(id, table.mark()));
    return LakeStates.of(marks);
  }

  /**
   * Checks that these tables are still what they were. Changes nothing.
   *
   * @throws InconsistentStateException if one is not
   */
  public void require(List<TableState> expected) {
    ExpectedTables check =
        new ExpectedTables(catalog, pipelineId, identifier -> loadOrNull(catalog, identifier));
    for (TableState table : expected) {
      check.require(table, tables.get(table.table()));
    }
  }

  /**
   * The tables as of now, for {@link #require} of a later life. Those that the source does not
   * announce any more are left out: the pipeline has nothing to do with them now, and they may be
   * dropped.
   */
  public List<TableState> states() {
    boolean anyAnnounced = tables.values().stream().anyMatch(table -> table.lakeTable() != null);
    return tables.values().stream()
        .filter(table -> !anyAnnounced || table.lakeTable() != null)
        .map(
            table ->
                new TableState(
                    table.id(),
                    table.metadata().uuid(),
                    table.mark().newest().map(Marker::checkpointId).orElse(0L)))
        .sorted(Comparator.comparing(TableState::table))
        .toList();
  }

  /**
   * Takes possession of all tables.
   *
   * @throws io.firn.model.error.FencedException if a newer life has it
   */
  public void fence(long epoch) {
    Possession taken = new Possession(pipelineId, epoch, owner);
    for (PipelineTable table : tables.values()) {
      Optional<Marker> before = table.mark().newest();
      table.fenced(
          catalog.calling(
              "Taking possession of table " + table.id(),
              () -> TableFence.take(table.table(), taken, Map.of())));
      if (!table.mark().newest().equals(before)) {
        throw new RetryableException(
            "Taking possession of table "
                + table.id()
                + " came late: another instance committed "
                + table.mark().newest().map(Marker::describe).orElse("nothing")
                + " meanwhile; start again from there");
      }
    }
    possession = taken;
  }

  /** The pipeline. */
  public String pipelineId() {
    return pipelineId;
  }

  /** Who this life is. */
  public Possession possession() {
    if (possession == null) {
      throw new IllegalStateException("The sink commits before it was fenced");
    }
    return possession;
  }

  /**
   * The checkpoint, knowing from where its changes really were read. The first checkpoint after a
   * recovery from the lake alone reaches further back than the one before it if some table lacked
   * that one; should this checkpoint also end up in some tables only, reading must go back as far.
   */
  public CheckpointMark reachingBack(CheckpointMark mark) {
    LakeState state = stateOfThisLife == null ? null : stateOfThisLife.orElse(null);
    boolean caughtUp =
        state == null
            || state.latest() == null
            || state.incompleteTables().isEmpty()
            || mark.checkpointId() != state.latest().checkpointId() + 1
            || mark.epoch() != possession().epoch();
    return caughtUp
        ? mark
        : new CheckpointMark(
            mark.pipelineId(),
            mark.epoch(),
            mark.checkpointId(),
            mark.source(),
            state.resumeFrom().position());
  }

  /** The catalog the tables are in. */
  public LakeCatalog catalog() {
    return catalog;
  }

  /** A table of the pipeline; empty if there is none of that name in the lake. */
  public Optional<PipelineTable> table(TableId id) {
    return Optional.ofNullable(tables.get(id));
  }

  /** All tables of the pipeline. */
  public Collection<PipelineTable> all() {
    return tables.values();
  }

  @Override
  public synchronized LakeTable announce(SchemaChange.CreateTable change) {
    TableId id = change.table();
    PipelineTable known = tables.get(id);
    if (known == null || known.lakeTable() == null) {
      known = open(change, known);
    }
    known.sources().add(change.origin().sourceTable());
    return known.lakeTable();
  }

  private PipelineTable open(SchemaChange.CreateTable change, PipelineTable known) {
    TableId id = change.table();
    WriteMode mode = options.writeMode(change.schemaAfter());
    PipelineTable table = known != null ? known : createOrLoad(change, mode);
    requireMode(table, mode);
    if (stateOfThisLife == null) {
      // By now the committer has made good what the last life left undone.
      stateOfThisLife = state();
    }
    DataFileRegistry files = registry(table);
    table.announced(
        new LakeTable(
            id,
            table.table(),
            TableLayouts.adopt(table.table(), change.schemaAfter(), mode),
            files,
            stateOfThisLife
                .map(state -> LakeStates.committedPosition(state, table.mark()))
                .orElse(null),
            table.mark().sourceSchemas().keySet()));
    tables.put(id, table);
    return table;
  }

  /** Makes the files of all tables known without any of them being announced. */
  public void openAll() {
    for (PipelineTable table : tables.values()) {
      table.use(registry(table));
    }
  }

  private DataFileRegistry registry(PipelineTable table) {
    DataFileRegistry files = new DataFileRegistry();
    String lastFileId = table.metadata().property(FirnProperties.LAST_FILE_ID, "0");
    files.startAfter(Long.parseLong(lastFileId));
    files.relocations().inherit(pendingRepoints(table));
    String pipelineHash = DataFileName.hashOf(pipelineId);
    LiveFiles live =
        catalog.calling("Reading the manifests of table " + table.id(), table::liveFiles);
    for (DataFile file : live.dataFiles()) {
      DataFileName.parse(file.location())
          .filter(name -> name.pipelineHash().equals(pipelineHash))
          .ifPresent(
              name ->
                  files.register(
                      new DataFileRef(
                          name.fileId(), file.location(), file.specId(), file.partition())));
    }
    return files;
  }

  private static List<Long> pendingRepoints(PipelineTable table) {
    String text = table.metadata().property(FirnProperties.PENDING_REPOINTS, "");
    return text.isEmpty()
        ? List.of()
        : Arrays.stream(text.split(",", -1)).map(Long::valueOf).toList();
  }

  private PipelineTable createOrLoad(SchemaChange.CreateTable change, WriteMode mode) {
    TableId id = change.table();
    TableIdentifier identifier = TableNames.identifier(id);
    Table loaded = catalog.calling("Loading table " + id, () -> loadOrNull(catalog, identifier));
    if (loaded == null) {
      loaded = creation.create(change.schemaAfter(), mode, identifier, possession());
    }
    Table found = loaded;
    // A table that was just created reads its metadata from the catalog when it is first asked.
    PipelineTable table =
        catalog.calling("Loading table " + id, () -> new PipelineTable(id, identifier, found));
    LOG.info("Table {} is written as {} at {}", id, mode, table.metadata().location());
    if (!possession().holds(table.mark())) {
      adopt(table, mode);
    }
    return table;
  }

  private void adopt(PipelineTable table, WriteMode mode) {
    TableMark mark = table.mark();
    if (mark.pipelineId() != null && !mark.pipelineId().equals(pipelineId)) {
      throw new ConfigurationException(
          "Table "
              + table.id()
              + " cannot be written: it belongs to pipeline '"
              + mark.pipelineId()
              + "'; route to another table");
    }
    if (mark.pipelineId() == null && hasRows(table.table())) {
      throw new ConfigurationException(
          "Table "
              + table.id()
              + " cannot be written: it exists, has rows, and Firn did not write them; route to"
              + " another table, or empty or drop this one");
    }
    requireMarkerWhereRows(table);
    if (mark.newest().isPresent()) {
      throw new InconsistentStateException(
          "Table "
              + table.id()
              + " cannot be continued: it has "
              + mark.newest().get().describe()
              + " but was not found when the pipeline started (databases looked into: "
              + options.databases()
              + "); start again");
    }
    table.fenced(
        catalog.calling(
            "Taking possession of table " + table.id(),
            () ->
                TableFence.take(
                    table.table(), possession(), TableCreation.identity(table.id(), mode))));
  }

  private static void requireMode(PipelineTable table, WriteMode mode) {
    String stored = table.metadata().property(FirnProperties.WRITE_MODE, null);
    if (stored != null && !stored.equals(mode.text())) {
      throw new ConfigurationException(
          "Table "
              + table.id()
              + " cannot be continued: it was created in mode '"
              + stored
              + "' and the pipeline now wants '"
              + mode.text()
              + "' (see 'write.mode' in the sink section; without it, tables with a key are"
              + " 'upsert' and others 'append'); set it to '"
              + stored
              + "', route to a new table, or drop this one");
    }
  }
}
