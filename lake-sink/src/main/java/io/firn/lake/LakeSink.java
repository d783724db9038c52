package io.firn.lake;

import io.firn.lake.catalog.LakeCatalog;
import io.firn.lake.commit.LakeCommitter;
import io.firn.lake.commit.OfflineMaintenance;
import io.firn.lake.commit.Patience;
import io.firn.lake.index.OffHeapMemory;
import io.firn.lake.maintain.Background;
import io.firn.lake.registry.PipelineTables;
import io.firn.lake.write.LakeWriter;
import io.firn.lake.write.WriterSettings;
import io.firn.model.checkpoint.CheckpointMark;
import io.firn.model.error.InconsistentStateException;
import io.firn.model.error.RetryableException;
import io.firn.model.sink.Committer;
import io.firn.model.sink.Sink;
import io.firn.model.sink.SinkWriter;
import io.firn.model.sink.TableState;
import io.firn.model.sink.WriterContext;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Iceberg tables as a {@link Sink}.
 *
 * <p>Each {@link #open} starts a life: tables are looked up anew and nothing of the life before is
 * trusted. The catalog's connection is kept.
 *
 * <p><b>Threading</b>: {@code createWriter} and what it returns may be used by several threads, one
 * per writer; everything else by one thread at a time.
 */
public final class LakeSink implements Sink {
  private static final Logger LOG = LoggerFactory.getLogger(LakeSink.class);

  private static final int LOOK_AGAIN_ATTEMPTS = 3;

  private final LakeSinkOptions options;
  private final WriterSettings writerSettings;
  private final Supplier<LakeCatalog> catalogs;
  private final Patience patience;
  private final OffHeapMemory indexMemory = new OffHeapMemory();
  private final Background background;
  private final String instance = UUID.randomUUID().toString();
  private final Committer committer = new CurrentLifesCommitter();
  private LakeCatalog catalog;
  private String pipelineId;
  private volatile PipelineTables tables;
  private volatile LakeCommitter currentCommitter;

  /** A sink that connects when it is opened. */
  public LakeSink(LakeSinkOptions options) {
    this(options, WriterSettings.DEFAULT);
  }

  /**
   * @param options where to write
   * @param writerSettings memory limits of each task
   */
  public LakeSink(LakeSinkOptions options, WriterSettings writerSettings) {
    this(
        options,
        writerSettings,
        () -> LakeCatalog.open(options),
        Patience.EXPONENTIAL,
        Background.threads());
  }

  /**
   * @param options how to write; its catalog properties are not looked at
   * @param writerSettings memory limits of each task
   * @param catalogs opens the catalog
   * @param patience how long to wait between attempts to commit
   * @param background where upkeep runs
   */
  public LakeSink(
      LakeSinkOptions options,
      WriterSettings writerSettings,
      Supplier<LakeCatalog> catalogs,
      Patience patience,
      Background background) {
    this.options = options;
    this.background = background;
    this.writerSettings = writerSettings;
    this.catalogs = catalogs;
    this.patience = patience;
  }

  @Override
  public Optional<LakeState> open(String id) {
    endLife();
    pipelineId = id;
    if (catalog == null) {
      catalog = catalogs.get();
    }
    PipelineTables found = PipelineTables.find(catalog, options, pipelineId, instance);
    Optional<LakeState> state = found.state();
    LOG.info(
        "The lake has {} tables of pipeline '{}'; newest checkpoint: {}",
        found.all().size(),
        pipelineId,
        state
            .map(LakeState::latest)
            .map(latest -> Long.toString(latest.checkpointId()))
            .orElse("none"));
    tables = found;
    currentCommitter = new LakeCommitter(found, patience, options, background);
    return state;
  }

  @Override
  public void requireTables(List<TableState> expected) {
    try {
      opened().require(expected);
    } catch (InconsistentStateException e) {
      lookAgain(expected, e);
    }
  }

  /** A catalog that is read from replicas may have answered with older versions of the tables. */
  private void lookAgain(List<TableState> expected, InconsistentStateException refused) {
    for (int attempt = 0; attempt < LOOK_AGAIN_ATTEMPTS; attempt++) {
      patience.pause(attempt);
      try {
        PipelineTables.find(catalog, options, pipelineId, instance).require(expected);
      } catch (InconsistentStateException e) {
        continue;
      }
      throw new RetryableException(
          "The catalog answered with an older version of a table for a while; it is tried again",
          refused);
    }
    throw refused;
  }

  @Override
  public void fence(long epoch) {
    opened().fence(epoch);
  }

  @Override
  public Committer committer() {
    return committer;
  }

  @Override
  public SinkWriter createWriter(WriterContext context) {
    return new LakeWriter(opened(), context, writerSettings, indexMemory);
  }

  /** The tables of the current life; null if the sink is not open. */
  PipelineTables tables() {
    return tables;
  }

  /**
   * Compacts, expires and removes whatever is due in all tables; to be called after {@link #fence},
   * for a pipeline that is not running.
   */
  public void maintain() {
    try (OfflineMaintenance maintenance = offline()) {
      maintenance.run();
    }
  }

  /**
   * What {@link #maintain} would do; to be called after {@link #open}. Changes nothing.
   *
   * @return one line per table and kind of work
   */
  public List<String> maintenancePlan() {
    try (OfflineMaintenance maintenance = offline()) {
      return maintenance.plan();
    }
  }

  private OfflineMaintenance offline() {
    return new OfflineMaintenance(opened(), options, patience, background);
  }

  private PipelineTables opened() {
    PipelineTables current = tables;
    if (current == null) {
      throw new IllegalStateException("The sink is not open");
    }
    return current;
  }

  private void endLife() {
    LakeCommitter committerOfLife = currentCommitter;
    currentCommitter = null;
    tables = null;
    if (committerOfLife != null) {
      committerOfLife.close();
    }
  }

  @Override
  public void close() {
    endLife();
    if (catalog != null) {
      catalog.close();
      catalog = null;
    }
  }

  /** Always leads to the committer of the current life, whoever keeps it. */
  private final class CurrentLifesCommitter implements Committer {
    private LakeCommitter current() {
      LakeCommitter lake = currentCommitter;
      if (lake == null) {
        throw new IllegalStateException("The sink is not open");
      }
      return lake;
    }

    @Override
    public List<TableCommit> prepare(
        CheckpointMark checkpoint, List<SinkWriter.Committable> committables) {
      return current().prepare(checkpoint, committables);
    }

    @Override
    public List<TableState> tables() {
      return current().tables();
    }

    @Override
    public void commit(CheckpointMark checkpoint, List<TableCommit> commits) {
      current().commit(checkpoint, commits);
    }

    @Override
    public boolean maintain() {
      return current().maintain();
    }
  }
}
