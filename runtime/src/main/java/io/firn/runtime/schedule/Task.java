package io.firn.runtime.schedule;

/**
 * A piece of the pipeline that runs in small steps.
 *
 * <p><b>Contract</b>: a step does a bounded amount of work and never waits for another task; it
 * makes progress or says why it did not. A task that throws is failed and is not stepped again.
 *
 * <p><b>Threading</b>: {@link #attach} before the first step; then one thread at a time steps; then
 * {@link #close}, once nobody steps any more.
 */
public interface Task extends AutoCloseable {

  /** The task's name in logs and metrics, such as {@code sink-0}. */
  String name();

  /** Tells the task whom to wake when it may be able to go on after having been idle or blocked. */
  void attach(Signal signal);

  /** Does a little work. */
  Progress step();

  /** Releases what the task holds. */
  @Override
  void close();
}
