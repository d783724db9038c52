package io.firn.runtime.checkpoint;

import java.util.Comparator;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The object name of a manifest. Of two manifests the one of the later epoch is newer, whatever
 * their numbers: a paused instance may publish once more after its successor has begun.
 */
record ManifestName(long epoch, long checkpointId) implements Comparable<ManifestName> {
  static final String PREFIX = "manifests/";
  private static final Pattern FORM = Pattern.compile("manifests/(\\d{1,18})-(\\d{1,18})");
  private static final Comparator<ManifestName> ORDER =
      Comparator.comparingLong(ManifestName::epoch).thenComparingLong(ManifestName::checkpointId);

  static ManifestName of(CheckpointManifest manifest) {
    return new ManifestName(manifest.epoch(), manifest.checkpointId());
  }

  static Optional<ManifestName> parse(String objectName) {
    Matcher matcher = FORM.matcher(objectName);
    return matcher.matches()
        ? Optional.of(
            new ManifestName(Long.parseLong(matcher.group(1)), Long.parseLong(matcher.group(2))))
        : Optional.empty();
  }

  String objectName() {
    return String.format("%s%08d-%012d", PREFIX, epoch, checkpointId);
  }

  @Override
  public int compareTo(ManifestName other) {
    return ORDER.compare(this, other);
  }
}
