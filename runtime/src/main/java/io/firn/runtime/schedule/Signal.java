package io.firn.runtime.schedule;

/**
 * Wakes whoever drives a task.
 *
 * <p><b>Threading</b>: called from any thread; cheap when nobody sleeps.
 */
@FunctionalInterface
public interface Signal {
  /** For tasks that nobody sleeps for. */
  Signal NONE = () -> {};

  /** Makes the driver look at its tasks again soon. */
  void wake();
}
