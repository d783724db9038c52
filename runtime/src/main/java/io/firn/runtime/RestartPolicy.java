package io.firn.runtime;

import java.time.Duration;

/**
 * How often and how fast a pipeline is started again after failures that may pass.
 *
 * @param maxAttempts restarts without a completed checkpoint in between; 0 means none at all
 * @param firstDelay before the first restart; doubled for each further one
 * @param maxDelay the longest delay
 */
public record RestartPolicy(int maxAttempts, Duration firstDelay, Duration maxDelay) {
  /** Ten attempts, from one second to a minute: about six minutes in all. */
  public static final RestartPolicy DEFAULT =
      new RestartPolicy(10, Duration.ofSeconds(1), Duration.ofMinutes(1));

  /** Checks the ranges. */
  public RestartPolicy {
    if (maxAttempts < 0 || firstDelay.isNegative() || maxDelay.compareTo(firstDelay) < 0) {
      throw new IllegalArgumentException(
          "Bad restart policy: " + maxAttempts + ", " + firstDelay + ", " + maxDelay);
    }
  }

  /** The delay before an attempt, counted from 1. */
  public Duration delayBefore(int attempt) {
    Duration delay = firstDelay;
    for (int i = 1; i < attempt && delay.compareTo(maxDelay) < 0; i++) {
      delay = delay.multipliedBy(2);
    }
    return delay.compareTo(maxDelay) < 0 ? delay : maxDelay;
  }
}
