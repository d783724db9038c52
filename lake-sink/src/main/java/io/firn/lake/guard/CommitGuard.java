package io.firn.lake.guard;

import io.firn.model.error.InconsistentStateException;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.SnapshotAncestryValidator;
import org.apache.iceberg.TableMetadata;

/**
 * Decides, each time a table's metadata was refreshed, whether a checkpoint may still be committed
 * on top of it.
 *
 * <p><b>Invariants</b>: a checkpoint is committed at most once to a table; only on top of the
 * checkpoint that its deletes and positions were computed against; never after a newer life took
 * possession. It only ever throws exceptions that leave all files alone.
 */
public final class CommitGuard implements MetadataGuard {
  private final Possession possession;
  private final Marker ours;
  private final BaseMark base;

  /**
   * The checkpoint that a commit continues from; both numbers 0 if the table had none.
   *
   * @param epoch its life
   * @param checkpointId its number
   */
  public record BaseMark(long epoch, long checkpointId) {
    /** The base of a table's first checkpoint. */
    public static final BaseMark NONE = new BaseMark(0, 0);

    /** The newest checkpoint of a table. */
    public static BaseMark of(TableMark mark) {
      return mark.newest().map(m -> new BaseMark(m.epoch(), m.checkpointId())).orElse(NONE);
    }
  }

  /**
   * @param possession who commits
   * @param ours the checkpoint to commit
   * @param base the checkpoint it continues from
   */
  public CommitGuard(Possession possession, Marker ours, BaseMark base) {
    this.possession = possession;
    this.ours = ours;
    this.base = base;
  }

  @Override
  public void check(TableMetadata refreshed) {
    check(TableMark.of(refreshed), refreshed.location());
  }

  /**
   * The same check as a validator of a snapshot's ancestry.
   *
   * @param properties the table's properties as of the metadata being validated
   */
  public SnapshotAncestryValidator asValidator(
      Supplier<Map<String, String>> properties, String location) {
    return (Iterable<Snapshot> ancestry) -> {
      check(TableMark.of(properties.get(), ancestry, location), location);
      return true;
    };
  }

  /** Throws unless the checkpoint may be committed on top of a table with this mark. */
  public void check(TableMark mark, String location) {
    possession.requireNotFenced(mark, location);
    Optional<Marker> newest = mark.newest();
    if (newest.isPresent()) {
      Marker marker = newest.get();
      boolean sameLife = marker.epoch() == ours.epoch();
      if (marker.sameCheckpoint(ours)
          || (sameLife && marker.checkpointId() > ours.checkpointId())) {
        // One life commits its checkpoints in order, so a later one implies ours.
        throw new AlreadyCommittedException(marker);
      }
    }
    if (!BaseMark.of(mark).equals(base)) {
      throw new InconsistentStateException(
          "Committing "
              + ours.describe()
              + " to the table at '"
              + location
              + "' failed: it continues from "
              + describe(base)
              + " but the table contains "
              + newest.map(Marker::describe).orElse("no checkpoint")
              + "; use the checkpoint directory that belongs to the table, or restore the table as"
              + " it was");
    }
  }

  private static String describe(BaseMark base) {
    return base.equals(BaseMark.NONE)
        ? "an empty table"
        : "checkpoint " + base.checkpointId() + " of epoch " + base.epoch();
  }
}
