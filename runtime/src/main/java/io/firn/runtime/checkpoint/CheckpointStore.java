package io.firn.runtime.checkpoint;

import io.firn.model.checkpoint.CheckpointStorage;
import io.firn.model.error.FencedException;
import io.firn.model.error.InconsistentStateException;
import io.firn.model.error.RetryableException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The manifests and epoch claims of one pipeline in its checkpoint storage.
 *
 * <p>Layout: {@code manifests/<epoch>-<checkpoint>}, {@code epochs/epoch-<n>}, {@code
 * state/<epoch>/<task>/...} (named by the state backend).
 *
 * <p><b>Threading</b>: one thread at a time.
 */
public final class CheckpointStore {
  private static final Logger LOG = LoggerFactory.getLogger(CheckpointStore.class);
  private static final String EPOCHS = "epochs/epoch-";
  private static final int CLAIM_ATTEMPTS = 20;

  private final String pipelineId;
  private final CheckpointStorage storage;
  private final CheckpointRetention retention;

  /** The highest epoch that this instance claimed or may have claimed, 0 if it did not try yet. */
  private long own;

  /** The checkpoints of a pipeline in a storage that it has for itself. */
  public CheckpointStore(String pipelineId, CheckpointStorage storage) {
    this.pipelineId = pipelineId;
    this.storage = storage;
    this.retention = new CheckpointRetention(storage);
  }

  /**
   * What the storage knows.
   *
   * @param manifest the newest manifest that is whole
   * @param damaged manifests newer than it that are not; the checkpoint of such a one was decided,
   *     so its commits may be in the tables: {@code manifest} may only be used if they are not
   * @param newest name of the newest manifest, whole or not; empty if there is none
   * @param newestEpoch epoch of that manifest, 0 if there is none
   */
  public record Loaded(
      Optional<CheckpointManifest> manifest,
      List<DamagedManifest> damaged,
      String newest,
      long newestEpoch) {}

  /**
   * A manifest that cannot be used.
   *
   * @param name its object name
   * @param checkpointId the checkpoint, according to the name
   * @param reason what is wrong with it
   */
  public record DamagedManifest(String name, long checkpointId, String reason) {}

  /**
   * Finds the newest manifest that is whole.
   *
   * @throws InconsistentStateException if the checkpoints are those of another pipeline
   * @throws RetryableException if the storage cannot be read right now
   */
  public Loaded load() {
    try {
      List<DamagedManifest> damaged = new ArrayList<>();
      List<ManifestName> names = manifestNames(storage);
      String newest = names.isEmpty() ? "" : names.get(0).objectName();
      long newestEpoch = names.isEmpty() ? 0 : names.get(0).epoch();
      for (ManifestName name : names) {
        try {
          Optional<CheckpointManifest> manifest = read(storage, name);
          if (manifest.isPresent()) {
            checkOwner(manifest.get());
            return new Loaded(manifest, damaged, newest, newestEpoch);
          }
        } catch (DamagedManifestException e) {
          LOG.warn("Checkpoint manifest {} is damaged: {}", name.objectName(), e.getMessage());
          damaged.add(new DamagedManifest(name.objectName(), name.checkpointId(), e.getMessage()));
        }
      }
      return new Loaded(Optional.empty(), damaged, newest, newestEpoch);
    } catch (IOException e) {
      throw failed("read", e);
    }
  }

  /** Name of the newest manifest, whole or not; empty if there is none. */
  public String newestManifest() {
    try {
      List<ManifestName> names = manifestNames(storage);
      return names.isEmpty() ? "" : names.get(0).objectName();
    } catch (IOException e) {
      throw failed("read", e);
    }
  }

  private void checkOwner(CheckpointManifest manifest) {
    if (!manifest.pipelineId().equals(pipelineId)) {
      throw new InconsistentStateException(
          "Cannot use the checkpoints in "
              + storage.location()
              + ": they belong to pipeline '"
              + manifest.pipelineId()
              + "'; give this pipeline a checkpoint directory of its own.");
    }
  }

  /** Names of all manifests, newest first. */
  static List<ManifestName> manifestNames(CheckpointStorage storage) throws IOException {
    return storage.list(ManifestName.PREFIX).stream()
        .map(ManifestName::parse)
        .flatMap(Optional::stream)
        .sorted(Comparator.reverseOrder())
        .toList();
  }

  /** Reads a manifest; empty if it was removed meanwhile. */
  static Optional<CheckpointManifest> read(CheckpointStorage storage, ManifestName name)
      throws IOException, DamagedManifestException {
    byte[] bytes;
    try (InputStream in = storage.open(name.objectName())) {
      bytes = in.readAllBytes();
    } catch (NoSuchFileException | FileNotFoundException e) {
      return Optional.empty();
    }
    CheckpointManifest manifest = ManifestCodec.decode(bytes);
    if (!ManifestName.of(manifest).equals(name)) {
      throw new DamagedManifestException("its content is that of another checkpoint");
    }
    return Optional.of(manifest);
  }

  /** Publishes a manifest: the decision that its checkpoint happens. */
  public void publish(CheckpointManifest manifest) {
    try {
      storage.publish(ManifestName.of(manifest).objectName(), ManifestCodec.encode(manifest));
    } catch (IOException e) {
      throw failed("publish checkpoint " + manifest.checkpointId(), e);
    }
  }

  /**
   * Notes that a published checkpoint is committed, and removes what no kept checkpoint needs. The
   * last three are kept. What cannot be removed now is removed after the next start.
   */
  public void confirm(CheckpointManifest manifest) {
    try {
      retention.confirmed(manifest);
    } catch (IOException e) {
      LOG.warn("Cannot remove old checkpoints in {}: {}", storage.location(), e.toString());
    }
  }

  /**
   * Claims the next epoch for this life of the pipeline. An instance that starts again after a
   * failure does not take over from one that was started meanwhile.
   *
   * @param atLeast an epoch seen elsewhere; the new one is higher
   * @throws FencedException if another instance has claimed an epoch since this one did, or others
   *     claim epochs at the same time and win
   */
  public long nextEpoch(long atLeast) {
    if (own > 0 && currentEpoch() > own) {
      checkNotFenced(own);
    }
    try {
      for (int attempt = 0; attempt < CLAIM_ATTEMPTS; attempt++) {
        long epoch = Math.max(currentEpoch(), atLeast) + 1;
        byte[] content = (pipelineId + "\n").getBytes(StandardCharsets.UTF_8);
        // Before the attempt: one that seems to have failed may have happened.
        own = epoch;
        if (storage.publishIfAbsent(EPOCHS + epoch, content)) {
          // A claim below one that came meanwhile could be a name used before and removed since.
          checkNotFenced(epoch);
          return epoch;
        }
      }
    } catch (IOException e) {
      throw failed("claim an epoch", e);
    }
    throw new FencedException(
        "Cannot start pipeline '"
            + pipelineId
            + "': others keep claiming epochs in "
            + storage.location()
            + "; start one instance only.");
  }

  /** The highest epoch claimed so far, 0 if none. */
  public long currentEpoch() {
    try {
      return claimedEpochs(storage).stream().mapToLong(Long::longValue).max().orElse(0);
    } catch (IOException e) {
      throw failed("read the epoch", e);
    }
  }

  static List<Long> claimedEpochs(CheckpointStorage storage) throws IOException {
    List<Long> epochs = new ArrayList<>();
    for (String name : storage.list(EPOCHS)) {
      try {
        epochs.add(Long.parseLong(name.substring(EPOCHS.length())));
      } catch (NumberFormatException e) {
        LOG.debug("Not an epoch claim: {}", name);
      }
    }
    return epochs;
  }

  static String epochName(long epoch) {
    return EPOCHS + epoch;
  }

  /**
   * Makes sure that no newer life of the pipeline has begun.
   *
   * @throws FencedException if one has
   * @throws InconsistentStateException if the claim of this one has vanished
   */
  public void checkNotFenced(long epoch) {
    long current = currentEpoch();
    if (current > epoch) {
      throw new FencedException(
          "Stopped pipeline '"
              + pipelineId
              + "' of epoch "
              + epoch
              + ": an instance with epoch "
              + current
              + " has taken over in "
              + storage.location()
              + "; run one instance only.");
    }
    if (current < epoch) {
      throw new InconsistentStateException(
          "Cannot go on with pipeline '"
              + pipelineId
              + "': its checkpoints in "
              + storage.location()
              + " were removed or replaced while it ran; start it again.");
    }
  }

  private RetryableException failed(String action, IOException cause) {
    return new RetryableException(
        "Cannot "
            + action
            + " in the checkpoint storage "
            + storage.location()
            + ": "
            + cause
            + "; check space, permissions and connection.",
        cause);
  }
}
