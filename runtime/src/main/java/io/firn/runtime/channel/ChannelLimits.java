package io.firn.runtime.channel;

/**
 * How much a channel holds.
 *
 * @param elements batches and control elements
 * @param rows rows in all batches together; a larger single batch passes an empty channel
 */
public record ChannelLimits(int elements, int rows) {
  /** Enough to keep both sides busy, and a few megabytes of usual rows. */
  public static final ChannelLimits DEFAULT = new ChannelLimits(64, 8192);

  /** Checks that something fits. */
  public ChannelLimits {
    if (elements < 1 || rows < 1) {
      throw new IllegalArgumentException("A channel must hold something: " + elements + "/" + rows);
    }
  }
}
