package io.firn.runtime.schedule;

/**
 * Where a task's time went.
 *
 * <p><b>Threading</b>: the driving thread adds; any thread reads. The figures are published one by
 * one, so a reader may see one of them a step older than another.
 */
public final class TaskTimes {
  private final String task;
  private volatile long busyNanos;
  private volatile long idleNanos;
  private volatile long backPressuredNanos;

  /** Times of the task with this name, all zero. */
  public TaskTimes(String task) {
    this.task = task;
  }

  /** Books a span under what the step that caused it came to. */
  @SuppressWarnings("NonAtomicVolatileUpdate") // one writer
  void add(Progress progress, long nanos) {
    switch (progress) {
      case PROGRESSED -> busyNanos += nanos;
      case BLOCKED -> backPressuredNanos += nanos;
      case IDLE, DONE -> idleNanos += nanos;
    }
  }

  /** The task's name. */
  public String task() {
    return task;
  }

  /** Time spent working. */
  public long busyNanos() {
    return busyNanos;
  }

  /** Time spent without input. */
  public long idleNanos() {
    return idleNanos;
  }

  /** Time spent waiting for room in an output. */
  public long backPressuredNanos() {
    return backPressuredNanos;
  }
}
