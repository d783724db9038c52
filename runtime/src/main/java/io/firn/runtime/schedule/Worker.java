package io.firn.runtime.schedule;

import java.lang.invoke.VarHandle;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/**
 * A thread that drives some tasks in turn and sleeps when none of them gets on.
 *
 * <p><b>Threading</b>: the tasks are stepped by this worker's thread only.
 */
final class Worker implements Runnable, Signal {
  private final List<Driven> tasks;
  private final NanoClock clock;
  private final long maxSleepNanos;
  private final Listener listener;
  private volatile boolean stopped;
  private volatile boolean asleep;
  private volatile Thread thread;

  /** Told what becomes of tasks; called by the worker's thread. */
  interface Listener {
    /** A task finished by itself. */
    void done(Task task);

    /** A task threw; the worker ends. */
    void failed(Task task, Throwable failure);
  }

  private static final class Driven {
    final Task task;
    final TaskTimes times;
    Progress last = Progress.IDLE;
    long lastEnd;

    Driven(Task task, TaskTimes times, long now) {
      this.task = task;
      this.times = times;
      this.lastEnd = now;
    }
  }

  /**
   * @param maxSleepNanos how long to sleep at most before looking again without having been woken
   */
  Worker(
      List<Task> tasks,
      List<TaskTimes> times,
      NanoClock clock,
      long maxSleepNanos,
      Listener listener) {
    this.clock = clock;
    this.maxSleepNanos = maxSleepNanos;
    this.listener = listener;
    long now = clock.nanos();
    this.tasks =
        java.util.stream.IntStream.range(0, tasks.size())
            .mapToObj(i -> new Driven(tasks.get(i), times.get(i), now))
            .toList();
    for (Task task : tasks) {
      task.attach(this);
    }
  }

  @Override
  public void run() {
    thread = Thread.currentThread();
    while (!stopped) {
      Progress progress = stepAll();
      if (progress == Progress.DONE) {
        return;
      }
      if (progress != Progress.PROGRESSED) {
        // Announce the sleep first and look once more: a wake-up in between is then never lost.
        asleep = true;
        try {
          if (!stopped && stepAll() != Progress.PROGRESSED && !stopped) {
            LockSupport.parkNanos(this, maxSleepNanos);
          }
        } finally {
          asleep = false;
        }
      }
    }
  }

  /** Steps every task once. DONE if all are done, PROGRESSED if any got on, else IDLE. */
  private Progress stepAll() {
    boolean progressed = false;
    boolean allDone = true;
    for (Driven driven : tasks) {
      if (driven.last == Progress.DONE || stopped) {
        continue;
      }
      Progress progress = step(driven);
      progressed |= progress == Progress.PROGRESSED;
      allDone &= progress == Progress.DONE;
    }
    if (progressed) {
      return Progress.PROGRESSED;
    }
    return allDone ? Progress.DONE : Progress.IDLE;
  }

  private Progress step(Driven driven) {
    long start = clock.nanos();
    driven.times.add(driven.last, start - driven.lastEnd);
    Progress progress;
    try {
      progress = driven.task.step();
    } catch (Throwable failure) { // whatever it is, the pipeline must hear of it
      stopped = true;
      listener.failed(driven.task, failure);
      return Progress.IDLE;
    }
    long end = clock.nanos();
    driven.times.add(progress, end - start);
    // Waiting for the next turn counts as idle or blocked; a task that got on waits for nobody.
    driven.last = progress == Progress.PROGRESSED ? Progress.IDLE : progress;
    driven.lastEnd = end;
    if (progress == Progress.DONE) {
      listener.done(driven.task);
    }
    return progress;
  }

  @Override
  public void wake() {
    // The caller's writes (to a queue) must not be ordered after the look at 'asleep'.
    VarHandle.fullFence();
    if (asleep) {
      LockSupport.unpark(thread);
    }
  }

  /** Makes the worker end after the step it is in. */
  void stop() {
    stopped = true;
    wake();
  }
}
