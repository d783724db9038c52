package io.firn.lake.guard;

/**
 * Nothing to do: the table contains the checkpoint already. Deliberately not a {@code
 * CleanableFailure}, see {@link MetadataGuard}.
 */
public final class AlreadyCommittedException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** With the checkpoint that the table contains. */
  public AlreadyCommittedException(Marker marker) {
    super("The table contains " + marker.describe());
  }
}
