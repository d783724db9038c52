package io.firn.runtime;

import io.firn.model.stream.SourcePosition;
import java.util.Optional;

/**
 * When a pipeline ends by itself.
 *
 * @param position the source position to reach; empty: run until stopped
 */
public record StopCondition(Optional<SourcePosition> position) {
  /** Ends only when stopped or failed. */
  public static final StopCondition UNTIL_STOPPED = new StopCondition(Optional.empty());

  /** Ends, with a last checkpoint, at the first boundary at or after a position. */
  public static StopCondition untilPosition(SourcePosition position) {
    return new StopCondition(Optional.of(position));
  }
}
