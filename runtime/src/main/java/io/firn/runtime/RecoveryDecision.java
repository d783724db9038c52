package io.firn.runtime;

import io.firn.model.checkpoint.CheckpointMark;
import io.firn.model.error.InconsistentStateException;
import io.firn.model.schema.TableId;
import io.firn.model.sink.Committer.TableCommit;
import io.firn.model.sink.Sink.LakeState;
import io.firn.model.sink.TableState;
import io.firn.model.source.SourceState;
import io.firn.model.stream.SourcePosition;
import io.firn.runtime.checkpoint.CheckpointManifest;
import io.firn.runtime.checkpoint.CheckpointStore.DamagedManifest;
import io.firn.runtime.checkpoint.CheckpointStore.Loaded;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Decides from what the tables and the checkpoint storage remember where to go on. Pure.
 *
 * <p>With {@code m} the newest whole manifest, {@code lake} the newest checkpoint in any table:
 *
 * <ul>
 *   <li>no {@code m}, no lake: fresh start;
 *   <li>no {@code m}, but a lake: from the lake;
 *   <li>{@code lake <= m}: from {@code m}. This includes the case that newer manifests are damaged:
 *       their checkpoints were decided, but no table has any of their commits, so it does no harm
 *       to decide anew;
 *   <li>{@code lake > m}, newer manifests are damaged: they explain the difference; from the lake;
 *   <li>{@code lake > m} otherwise: somebody else wrote, or the checkpoints are a restored backup;
 *       stop;
 *   <li>{@code lake} older than the last commit before {@code m}, or gone: the tables were rolled
 *       back or dropped; stop.
 * </ul>
 */
final class RecoveryDecision {
  private final String pipelineId;
  private final String location;

  /**
   * @param location of the checkpoints, for messages
   */
  RecoveryDecision(String pipelineId, String location) {
    this.pipelineId = pipelineId;
    this.location = location;
  }

  /**
   * Decides.
   *
   * @throws InconsistentStateException if going on would lose or duplicate rows
   */
  StartingPoint decide(Optional<LakeState> tables, Loaded checkpoints) {
    Optional<LakeState> lake = tables.filter(state -> state.latest() != null);
    if (checkpoints.manifest().isEmpty()) {
      return lake.isPresent()
          ? fromLake(lake.get(), "no usable checkpoint is in " + location)
          : fresh(checkpoints);
    }
    CheckpointManifest manifest = checkpoints.manifest().get();
    if (lake.isEmpty()) {
      if (manifest.previousCommitId() > 0) {
        throw tablesBehind("have no trace of this pipeline", manifest);
      }
      return fromManifest(manifest, checkpoints);
    }
    CheckpointMark latest = lake.get().latest();
    if (latest.checkpointId() > manifest.checkpointId()) {
      if (checkpoints.damaged().isEmpty()) {
        throw tablesAhead(latest, manifest);
      }
      DamagedManifest damaged = checkpoints.damaged().get(0);
      return fromLake(
          lake.get(), "manifest '" + damaged.name() + "' is damaged: " + damaged.reason());
    }
    if (latest.checkpointId() < manifest.previousCommitId()) {
      throw tablesBehind("are at checkpoint " + latest.checkpointId(), manifest);
    }
    if (latest.checkpointId() == manifest.checkpointId()
        && latest.source().position().compareTo(manifest.source().position()) != 0) {
      throw tablesAhead(latest, manifest);
    }
    return fromManifest(manifest, checkpoints);
  }

  /**
   * The tables that must be what they were for {@link #decide} to be right: those that the newer of
   * manifest and lake knows, if rows of them were committed or promised.
   */
  static List<TableState> expectedTables(Optional<LakeState> tables, Loaded checkpoints) {
    Optional<LakeState> lake = tables.filter(state -> state.latest() != null);
    List<TableState> ofLake = lake.map(LakeState::expectedTables).orElse(List.of());
    if (checkpoints.manifest().isEmpty()) {
      return ofLake;
    }
    CheckpointManifest manifest = checkpoints.manifest().get();
    boolean lakeIsNewer =
        lake.isPresent() && lake.get().latest().checkpointId() > manifest.checkpointId();
    if (lakeIsNewer) {
      return ofLake;
    }
    Set<TableId> promised =
        manifest.commits().stream().map(TableCommit::table).collect(Collectors.toSet());
    if (manifest.tables().isEmpty()) {
      return Stream.concat(
              ofLake.stream(), promised.stream().map(table -> new TableState(table, "", 0)))
          .toList();
    }
    return manifest.tables().get().stream()
        .filter(state -> state.checkpointId() > 0 || promised.contains(state.table()))
        .toList();
  }

  private StartingPoint fresh(Loaded checkpoints) {
    // Numbers of damaged manifests are not used again.
    long next =
        1 + checkpoints.damaged().stream().mapToLong(DamagedManifest::checkpointId).max().orElse(0);
    String why =
        checkpoints.damaged().isEmpty()
            ? "Starts anew: neither tables nor checkpoints know the pipeline."
            : "Starts anew: the tables do not know the pipeline, and all checkpoints are damaged.";
    return new StartingPoint(
        Optional.empty(), Optional.empty(), next, null, 0, Optional.empty(), true, why);
  }

  private static StartingPoint fromManifest(CheckpointManifest manifest, Loaded checkpoints) {
    String why = "Resumes from checkpoint " + manifest.checkpointId();
    if (!checkpoints.damaged().isEmpty()) {
      why +=
          " because manifest '"
              + checkpoints.damaged().get(0).name()
              + "' is damaged and no table has its commits";
    }
    return new StartingPoint(
        Optional.of(manifest.source()),
        Optional.empty(),
        manifest.checkpointId() + 1,
        manifest.source().position(),
        manifest.lastCommitId(),
        Optional.of(manifest),
        false,
        why + ".");
  }

  private static StartingPoint fromLake(LakeState lake, String why) {
    CheckpointMark latest = lake.latest();
    SourceState resume = lake.resumeFrom();
    SourcePosition reached = latest.source().position();
    // A snapshot that starts again voids all tables: then none of them is ahead.
    boolean someAhead = resume.snapshotCompleted() && resume.position().compareTo(reached) < 0;
    return new StartingPoint(
        Optional.of(resume),
        someAhead ? Optional.of(reached) : Optional.empty(),
        latest.checkpointId() + 1,
        resume.position(), // reading goes back as far: so must the next life if this fails too
        latest.checkpointId(),
        Optional.empty(),
        false,
        "Resumes from the tables, which are at checkpoint "
            + latest.checkpointId()
            + ", because "
            + why
            + ".");
  }

  private InconsistentStateException tablesAhead(
      CheckpointMark latest, CheckpointManifest manifest) {
    return new InconsistentStateException(
        "Cannot resume pipeline '"
            + pipelineId
            + "': its tables are at checkpoint "
            + latest.checkpointId()
            + " (epoch "
            + latest.epoch()
            + ", position '"
            + latest.source().position()
            + "') but the newest one in "
            + location
            + " is "
            + manifest.checkpointId()
            + " (epoch "
            + manifest.epoch()
            + ", position '"
            + manifest.source().position()
            + "'): another instance with other checkpoints wrote to the tables, or these"
            + " checkpoints are a restored backup; stop the other instance, and if all tables are as"
            + " they should be, move the checkpoint directory away and start again to resume from"
            + " the tables.");
  }

  private InconsistentStateException tablesBehind(String where, CheckpointManifest manifest) {
    return new InconsistentStateException(
        "Cannot resume pipeline '"
            + pipelineId
            + "': its tables "
            + where
            + " but checkpoint "
            + manifest.previousCommitId()
            + " in "
            + location
            + " was committed to them: they were rolled back, dropped or moved, or the pipeline file"
            + " leads to another catalog; restore the tables. If that cannot be done, mirror anew"
            + " under another pipeline name into new tables. Keep the checkpoints until then.");
  }
}
