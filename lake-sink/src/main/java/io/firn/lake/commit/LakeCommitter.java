package io.firn.lake.commit;

import io.firn.lake.LakeSinkOptions;
import io.firn.lake.catalog.Secrets;
import io.firn.lake.catalog.StorageFailures;
import io.firn.lake.guard.CommitGuard;
import io.firn.lake.guard.Marker;
import io.firn.lake.maintain.Background;
import io.firn.lake.registry.LiveFiles;
import io.firn.lake.registry.PipelineTable;
import io.firn.lake.registry.PipelineTables;
import io.firn.lake.table.DataFileName;
import io.firn.lake.write.TableCommittable;
import io.firn.model.checkpoint.CheckpointMark;
import io.firn.model.error.FirnException;
import io.firn.model.error.InconsistentStateException;
import io.firn.model.error.RetryableException;
import io.firn.model.schema.TableId;
import io.firn.model.schema.TableSchema;
import io.firn.model.sink.Committer;
import io.firn.model.sink.SinkWriter;
import io.firn.model.sink.TableState;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.exceptions.NoSuchTableException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The lake's {@link Committer}: deletion vectors, and one Iceberg commit per table and checkpoint.
 *
 * <p><b>Invariants</b>: the marker of a checkpoint goes into the same commit as its rows; files of
 * a checkpoint that was published are never deleted.
 *
 * <p><b>Threading</b>: one thread at a time.
 */
public final class LakeCommitter implements Committer, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(LakeCommitter.class);

  /** Deletion vectors kept in memory, all tables together. */
  private static final long VECTOR_CACHE_BYTES = 64L << 20;

  private static final int READ_ATTEMPTS = 8;

  private final PipelineTables tables;
  private final Secrets secrets;
  private final Patience patience;
  private final TableCommitter single;
  private final Optional<MultiTableCommitter> multiple;
  private final Map<TableId, DeletionVectorCache> caches = new HashMap<>();
  private final Map<TableId, TableSchema> layouts = new HashMap<>();
  private final Map<TableId, TablePreparation.Prepared> prepared = new HashMap<>();
  private final Optional<Maintenance> maintenance;
  private final FreshTables fresh;
  private CheckpointMark preparedMark;
  private long sequence;

  /** A committer for the tables of one life, without compaction. */
  public LakeCommitter(PipelineTables tables) {
    this(tables, Patience.EXPONENTIAL, Optional.empty());
  }

  /**
   * A committer for the tables of one life that also keeps them healthy.
   *
   * @param background where upkeep runs
   */
  public LakeCommitter(
      PipelineTables tables, Patience patience, LakeSinkOptions options, Background background) {
    this(tables, patience, Optional.of(new Healthy(options, background)));
  }

  /** Without upkeep, and with another patience. */
  public LakeCommitter(PipelineTables tables, Patience patience) {
    this(tables, patience, Optional.empty());
  }

  private record Healthy(LakeSinkOptions options, Background background) {}

  private LakeCommitter(PipelineTables tables, Patience patience, Optional<Healthy> healthy) {
    this.tables = tables;
    this.maintenance =
        healthy.map(
            h ->
                Maintenance.of(
                    tables, h.options(), new FreshTables(patience), h.background(), this::cache));
    this.fresh = new FreshTables(patience);
    this.secrets = tables.catalog().secrets();
    this.patience = patience;
    this.single = new TableCommitter(secrets, patience);
    this.multiple =
        tables
            .catalog()
            .rest()
            .map(rest -> new MultiTableCommitter(rest, single, secrets, patience));
  }

  @Override
  public List<TableCommit> prepare(CheckpointMark mark, List<SinkWriter.Committable> committables) {
    CheckpointMark checkpoint = tables.reachingBack(mark);
    Map<TableId, List<TableCommittable>> byTable = new TreeMap<>();
    for (PipelineTable table : tables.all()) {
      if (table.lakeTable() != null) {
        byTable.put(table.id(), new ArrayList<>());
      }
    }
    for (SinkWriter.Committable committable : committables) {
      List<TableCommittable> parts = byTable.get(committable.table());
      if (parts == null) {
        throw new IllegalStateException(committable.table() + " was never announced");
      }
      parts.add((TableCommittable) committable);
    }
    prepared.clear();
    preparedMark = checkpoint;
    List<String> written = new ArrayList<>();
    List<TableCommit> commits = new ArrayList<>();
    for (Map.Entry<TableId, List<TableCommittable>> entry : byTable.entrySet()) {
      PipelineTable table = tables.table(entry.getKey()).orElseThrow();
      try {
        prepare(table, checkpoint, entry.getValue(), written).ifPresent(commits::add);
      } catch (IOException | RuntimeException e) {
        // Nothing of this checkpoint was published, so nobody will ever ask for these files.
        deleteQuietly(table, written);
        prepared.clear();
        throw e instanceof NoSuchTableException
            ? missing(checkpoint, table.id())
            : failed(table, checkpoint, e);
      }
    }
    return commits;
  }

  private Optional<TableCommit> prepare(
      PipelineTable table,
      CheckpointMark checkpoint,
      List<TableCommittable> parts,
      List<String> written)
      throws IOException {
    MergedCommittable work =
        parts.isEmpty() ? MergedCommittable.EMPTY : MergedCommittable.of(parts);
    Optional<TablePreparation.Prepared> result =
        TablePreparation.prepare(
            table,
            checkpoint,
            work,
            layouts.computeIfAbsent(table.id(), id -> table.lakeTable().initialLayout().source()),
            cache(table.id()),
            this::refresh,
            extension -> {
              String name =
                  new DataFileName(
                          DataFileName.hashOf(checkpoint.pipelineId()),
                          checkpoint.epoch(),
                          checkpoint.checkpointId(),
                          0,
                          sequence++)
                      .format(extension);
              String location = table.table().locationProvider().newDataLocation(name);
              written.add(location);
              return location;
            });
    result.ifPresent(p -> prepared.put(table.id(), p));
    return result.map(
        p ->
            new TableCommit(
                table.id(),
                PayloadFormat.VERSION,
                PayloadFormat.write(p.payload(), table.metadata().specsById())));
  }

  /**
   * Reads a table's metadata, which must not be older than what was read before: a checkpoint that
   * is prepared on an older version refers to files that this version does not have.
   */
  private void refresh(PipelineTable table) {
    long known = newestCheckpoint(table);
    if (!fresh.refresh(table)) {
      throw new RetryableException(
          "Reading table "
              + table.id()
              + " failed: the catalog shows an older version of it, with checkpoint "
              + newestCheckpoint(table)
              + ", and it already had "
              + known
              + "; it is tried again from the last checkpoint");
    }
  }

  private static long newestCheckpoint(PipelineTable table) {
    return table.mark().newest().map(Marker::checkpointId).orElse(0L);
  }

  private DeletionVectorCache cache(TableId id) {
    long share = VECTOR_CACHE_BYTES / Math.max(1, tables.all().size());
    return caches.computeIfAbsent(id, table -> new DeletionVectorCache(share));
  }

  private void deleteQuietly(PipelineTable table, List<String> locations) {
    for (String location : locations) {
      try {
        table.table().io().deleteFile(location);
      } catch (RuntimeException e) {
        LOG.debug("File '{}' was not there to delete", location);
      }
    }
  }

  private RuntimeException failed(PipelineTable table, CheckpointMark mark, Exception cause) {
    return StorageFailures.of(
        "Preparing checkpoint " + mark.checkpointId() + " of table " + table.id(),
        "it is tried again from the last checkpoint",
        cause,
        secrets);
  }

  @Override
  public List<TableState> tables() {
    return tables.states();
  }

  @Override
  public void commit(CheckpointMark mark, List<TableCommit> commits) {
    CheckpointMark checkpoint = tables.reachingBack(mark);
    Marker marker =
        Marker.of(checkpoint, commits.stream().map(TableCommit::table).toList(), tables.states());
    Map<PipelineTable, CommitPayload> payloads = new LinkedHashMap<>();
    Map<PipelineTable, CommitGuard> guards = new HashMap<>();
    for (TableCommit commit : commits) {
      PipelineTable table =
          tables.table(commit.table()).orElseThrow(() -> missing(checkpoint, commit.table()));
      CommitPayload payload = PayloadFormat.read(commit, table.metadata().specsById());
      payloads.put(table, payload);
      guards.put(table, new CommitGuard(tables.possession(), marker, payload.base()));
    }
    if (multiple.isPresent() && payloads.size() > 1) {
      multiple.get().commit(payloads, marker, guards);
      payloads.forEach((table, payload) -> committed(checkpoint, marker, table, payload));
    } else {
      payloads.forEach(
          (table, payload) -> {
            single.commit(table, payload, marker, guards.get(table));
            committed(checkpoint, marker, table, payload);
          });
    }
    prepared.clear();
    maintenance.ifPresent(m -> m.checkpointCommitted(checkpoint.checkpointId()));
  }

  @Override
  public boolean maintain() {
    return maintenance.isPresent() && maintenance.get().step();
  }

  /** Gives up upkeep that is under way. */
  @Override
  public void close() {
    maintenance.ifPresent(Maintenance::close);
  }

  private static InconsistentStateException missing(CheckpointMark mark, TableId table) {
    return new InconsistentStateException(
        "Committing checkpoint "
            + mark.checkpointId()
            + " failed: table "
            + table
            + " is no longer in the catalog; restore it and start again. If it is lost, mirror anew"
            + " into new tables under another pipeline name");
  }

  /**
   * Reads a table until it shows a commit that landed. Catalogs that are read from replicas show an
   * older version for a while, and the next checkpoint builds on what is read here.
   */
  private void awaitVisible(PipelineTable table, Marker marker) {
    RuntimeException failure = null;
    for (int attempt = 0; attempt < READ_ATTEMPTS; attempt++) {
      try {
        if (attempt > 0) {
          patience.pause(attempt - 1);
          table.refresh();
        }
        table.committed();
        if (newestCheckpoint(table) >= marker.checkpointId()) {
          return;
        }
      } catch (FirnException e) {
        throw e;
      } catch (RuntimeException e) {
        failure = e;
      }
    }
    throw new RetryableException(
        "Reading table "
            + table.id()
            + " after committing "
            + marker.describe()
            + " failed: "
            + (failure == null
                ? "the catalog still shows an older version"
                : secrets.explain(failure))
            + "; it is tried again from the last checkpoint",
        failure == null ? null : secrets.asCause(failure));
  }

  private void committed(
      CheckpointMark checkpoint, Marker marker, PipelineTable table, CommitPayload payload) {
    awaitVisible(table, marker);
    TablePreparation.Prepared ours =
        checkpoint.equals(preparedMark) ? prepared.remove(table.id()) : null;
    if (ours == null || table.lakeTable() == null) {
      return; // made good for an earlier life: nobody has files open
    }
    if (ours.layoutAfter() != null) {
      layouts.put(table.id(), ours.layoutAfter());
    }
    Collection<DataFile> gone = payload.removedData();
    LiveFiles live = table.knownLiveFiles(payload.baseSnapshotId());
    Snapshot current = table.metadata().currentSnapshot();
    if (live != null) {
      if (payload.truncated()) {
        gone = List.copyOf(live.dataFiles());
      }
      boolean onTop = java.util.Objects.equals(current.parentId(), payload.baseSnapshotId());
      if (onTop) {
        live.apply(
            current.snapshotId(),
            payload.addedData(),
            payload.addedDeletes(),
            payload.removedData(),
            payload.removedDeletes(),
            payload.truncated());
        if (!payload.truncated()) {
          live.checkRemoved(current, payload.removedDeletes().size());
        }
      }
    }
    Collection<DataFile> removed = gone;
    maintenance.ifPresent(m -> m.tableCommitted(table, removed));
    gone.forEach(file -> forget(table, file.location()));
    ours.deletes().stillborn.forEach(location -> forget(table, location));
    deleteQuietly(table, List.copyOf(ours.deletes().stillborn));
    payload
        .addedDeletes()
        .forEach(
            file -> {
              var positions = ours.deletes().vectors.get(file.referencedDataFile());
              if (positions != null) {
                cache(table.id()).put(file.referencedDataFile(), file, positions);
              }
            });
  }

  private static void forget(PipelineTable table, String location) {
    DataFileName.parse(location).ifPresent(name -> table.lakeTable().files().forget(name.fileId()));
  }
}
