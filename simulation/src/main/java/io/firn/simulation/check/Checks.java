package io.firn.simulation.check;

import io.firn.lake.table.WriteMode;
import io.firn.model.schema.TableId;
import io.firn.runtime.checkpoint.CheckpointReport;
import io.firn.simulation.fault.FaultCounts;
import io.firn.simulation.lake.CatalogServer;
import io.firn.simulation.lake.ObjectStore;
import io.firn.simulation.lake.SimulatedCatalog;
import io.firn.simulation.source.SourceServer;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.function.ToLongFunction;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.iceberg.TableMetadata;
import org.apache.iceberg.catalog.TableIdentifier;
import org.apache.iceberg.io.FileIO;

/** Watches a world, and remembers the first promise that was broken. */
public final class Checks {
  private static final Pattern MANIFEST = Pattern.compile("manifests/(\\d+)-(\\d+)");
  private static final Pattern CLAIM = Pattern.compile("epochs/epoch-(\\d+)");

  private final CatalogServer server;
  private final SourceServer source;
  private final Oracle oracle;
  private final CommitsArePublished publications = new CommitsArePublished();
  private final CommitInvariants invariants;
  private final LakeEqualsOracle content;
  private final NoFilesLeft leftOver;
  private final BooleanSupplier sampled;
  private final BooleanSupplier rolledBack;
  private Throwable violation;
  private long commits;
  private long checkpoints;
  private long highestEpoch;

  /**
   * @param modes how tables are written, if not as usual
   * @param counts hears about upkeep
   * @param catalog a connection without faults
   * @param io files without faults
   * @param epochOf the epoch of a process's current life
   * @param sampled whether to compare all rows of a commit
   * @param rolledBack whether an administrator has just taken commits away
   */
  public Checks(
      CatalogServer server,
      ObjectStore store,
      SourceServer source,
      Map<TableId, WriteMode> modes,
      FaultCounts counts,
      SimulatedCatalog catalog,
      FileIO io,
      ToLongFunction<String> epochOf,
      BooleanSupplier sampled,
      BooleanSupplier rolledBack) {
    this.rolledBack = rolledBack;
    this.server = server;
    this.source = source;
    this.sampled = sampled;
    this.oracle = new Oracle(source, modes);
    TableFiles files = new TableFiles(io);
    this.content = new LakeEqualsOracle(catalog, oracle, sampled);
    this.invariants =
        new CommitInvariants(
            store,
            files,
            oracle,
            publications,
            content,
            new CompactionKeepsRows(catalog, counts),
            epochOf);
    this.leftOver = new NoFilesLeft(server, store, files, counts);
    NoNeededFileDeleted deletions = new NoNeededFileDeleted(server, files, publications);
    store.onDelete(
        (who, location) ->
            remembering(
                () -> {
                  deletions.deleting(who, location);
                  leftOver.deleting(location);
                }));
    server.onCommit(
        (who, table, before, after) ->
            remembering(
                () -> {
                  commits++;
                  boolean ours = who.startsWith("p");
                  invariants.check(new CommitSeen(who, ours, table, before, after));
                }));
  }

  /** Knows what tables must contain. */
  public Oracle oracle() {
    return oracle;
  }

  /** The first broken promise, or null. */
  public Throwable violation() {
    return violation;
  }

  /** Throws it, if there is one. */
  public void failIfViolated() {
    if (violation instanceof RuntimeException e) {
      throw e;
    }
    if (violation instanceof Error e) {
      throw e;
    }
  }

  /** Commits so far. */
  public long commits() {
    return commits;
  }

  /** Completed checkpoints so far. */
  public long checkpoints() {
    return checkpoints;
  }

  private void remembering(Runnable check) {
    try {
      check.run();
    } catch (RuntimeException | Error e) {
      if (violation == null) {
        violation = e;
      }
      throw e;
    }
  }

  /** The highest epoch that any process claimed. */
  public long highestEpoch() {
    return highestEpoch;
  }

  /** A file of the checkpoint directory got this name. */
  public void named(String name) {
    Matcher claim = CLAIM.matcher(name);
    if (claim.matches()) {
      highestEpoch = Math.max(highestEpoch, Long.parseLong(claim.group(1)));
    }
    Matcher manifest = MANIFEST.matcher(name);
    if (manifest.matches()) {
      publications.published(Long.parseLong(manifest.group(1)), Long.parseLong(manifest.group(2)));
    }
  }

  /** A process says that a checkpoint is complete: then all tables have it. */
  public void checkpointCompleted(CheckpointReport report) {
    checkpoints++;
    remembering(
        () -> {
          for (TableIdentifier table : server.tables()) {
            Summaries.Mark mark = Summaries.property(server.current(table));
            if (mark != null && mark.checkpoint() > report.checkpointId()) {
              return; // somebody else has gone on already
            }
          }
          if (sampled.getAsBoolean() && !rolledBack.getAsBoolean()) {
            String position = report.source().position().encode();
            for (TableIdentifier table : server.tables()) {
              content.compare(
                  table,
                  oracle.expected(table, report.epoch(), position),
                  "checkpoint " + report.checkpointId() + " completed");
            }
          }
        });
  }

  /** Maintenance has run, and nothing failed. */
  public void maintained() {
    remembering(leftOver::check);
  }

  /** The run is over. */
  public void atEnd(boolean stoppedWithExplanation) {
    String end = source.end().encode();
    for (TableIdentifier table : server.tables()) {
      TableMetadata metadata = server.current(table);
      content.compare(
          table,
          stoppedWithExplanation || Summaries.property(metadata) == null
              ? oracle.expected(table, metadata)
              : oracle.expected(table, Summaries.property(metadata).epoch(), end),
          "at the end");
    }
  }
}
