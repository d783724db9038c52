package io.firn.lake.commit;

import io.firn.model.error.RetryableException;

/**
 * How long to wait between attempts. Tests bring one that does not wait.
 *
 * @see #EXPONENTIAL
 */
@FunctionalInterface
public interface Patience {
  /** 100 ms, doubled with each attempt, at most 5 s. */
  Patience EXPONENTIAL =
      attempt -> {
        try {
          Thread.sleep(Math.min(5_000, 100L << Math.min(attempt, 10)));
        } catch (InterruptedException e) {
          Thread.currentThread().interrupt();
          throw new RetryableException("Committing was interrupted; start again", e);
        }
      };

  /** Waits after attempt number {@code attempt}, which counts from 0. */
  void pause(int attempt);
}
