package io.firn.runtime.schedule;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Drives tasks with one thread for each group of them, until one task fails or one given task is
 * done.
 *
 * <p><b>Threading</b>: created, waited for and stopped by one thread.
 */
public final class WorkerPool {
  private static final Logger LOG = LoggerFactory.getLogger(WorkerPool.class);

  private final Object monitor = new Object();
  private final Task last;
  private final List<Worker> workers = new ArrayList<>();
  private final List<Thread> threads = new ArrayList<>();
  private final List<TaskTimes> times = new ArrayList<>();
  private Throwable failure;
  private boolean stopping;
  private boolean lastDone;

  /**
   * Tasks that share a thread.
   *
   * @param name of the thread
   * @param tasks in the order of their turns
   * @param maxSleepNanos how long the thread sleeps at most before it looks again unasked
   */
  public record Group(String name, List<Task> tasks, long maxSleepNanos) {}

  /**
   * Prepares the threads.
   *
   * @param groups the tasks by thread
   * @param last the task whose end is the end of all
   * @param clock measures where time goes
   */
  public WorkerPool(List<Group> groups, Task last, NanoClock clock) {
    this.last = last;
    for (Group group : groups) {
      List<TaskTimes> groupTimes =
          group.tasks().stream().map(task -> new TaskTimes(task.name())).toList();
      Worker worker =
          new Worker(group.tasks(), groupTimes, clock, group.maxSleepNanos(), new Outcome());
      times.addAll(groupTimes);
      workers.add(worker);
      Thread thread = new Thread(worker, group.name());
      thread.setDaemon(true);
      threads.add(thread);
    }
  }

  private final class Outcome implements Worker.Listener {
    @Override
    public void done(Task task) {
      if (task == last) {
        synchronized (monitor) {
          lastDone = true;
          monitor.notifyAll();
        }
      }
    }

    @Override
    public void failed(Task task, Throwable cause) {
      LOG.debug("Task {} failed", task.name(), cause);
      synchronized (monitor) {
        if (failure == null && stopping && !(cause instanceof Error)) {
          // Whoever is interrupted in a call fails; nothing that was asked for has failed.
          LOG.info(
              "Task {} was stopped in the middle of a call: {}", task.name(), cause.toString());
        } else if (failure == null) {
          failure = cause;
        } else if (failure != cause && cause instanceof OutOfMemoryError) {
          cause.addSuppressed(failure);
          failure = cause;
        } else if (failure != cause) {
          failure.addSuppressed(cause);
        }
        monitor.notifyAll();
      }
    }
  }

  /** Starts the threads. */
  public void start() {
    threads.forEach(Thread::start);
  }

  /**
   * Waits for the end.
   *
   * @param giveUp asked from time to time; when true, waiting ends
   * @return true if the last task is done, false if {@code giveUp} said so
   * @throws Throwable what the first failed task threw
   */
  public boolean await(BooleanSupplier giveUp) throws Throwable {
    synchronized (monitor) {
      while (true) {
        if (failure != null) {
          throw failure;
        }
        if (lastDone) {
          return true;
        }
        if (giveUp.getAsBoolean()) {
          return false;
        }
        monitor.wait(20);
      }
    }
  }

  /** What failed so far, or null; a failure may follow another one while tasks are stopped. */
  public Throwable failure() {
    synchronized (monitor) {
      return failure;
    }
  }

  /** Asks all threads to end after the step they are in. */
  public void stop() {
    synchronized (monitor) {
      stopping = true;
    }
    workers.forEach(Worker::stop);
  }

  /**
   * Waits until all threads have ended. Half way they are interrupted. The caller's own
   * interruption does not shorten the wait: it could only close what threads still use.
   *
   * @return whether they did; if not, nothing that they use may be closed
   */
  public boolean join(long timeoutMillis) {
    if (joinAll(timeoutMillis / 2)) {
      return true;
    }
    threads.forEach(Thread::interrupt);
    return joinAll(timeoutMillis / 2);
  }

  private boolean joinAll(long timeoutMillis) {
    long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(timeoutMillis);
    boolean interrupted = false;
    for (Thread thread : threads) {
      long rest = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
      while (thread.isAlive() && rest > 0) {
        try {
          thread.join(rest);
        } catch (InterruptedException e) {
          interrupted = true;
        }
        rest = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
    return threads.stream().noneMatch(Thread::isAlive);
  }

  /** Where the time of each task went. */
  public List<TaskTimes> times() {
    return List.copyOf(times);
  }
}
