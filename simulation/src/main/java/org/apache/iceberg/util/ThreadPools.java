package org.apache.iceberg.util;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.AbstractExecutorService;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * Stands before Iceberg's class of this name on the simulation's class path, and on no other: work
 * is done at once, on the caller's thread. Threads would make the order of file operations a matter
 * of luck, and Iceberg sleeps 10 ms whenever it waits for one.
 *
 * <p>The methods are those of Iceberg 1.11; each pool is the same executor without threads.
 */
public final class ThreadPools {
  /** Name of the system property that has no effect here. */
  public static final String WORKER_THREAD_POOL_SIZE_PROP = "iceberg.worker.num-threads";

  /** One: the caller. */
  public static final int WORKER_THREAD_POOL_SIZE = 1;

  /** One: the caller. */
  public static final int DELETE_WORKER_THREAD_POOL_SIZE = 1;

  /** One, and a real one. */
  public static final int AUTH_REFRESH_THREAD_POOL_SIZE = 1;

  private static final ExecutorService CALLER = new CallerExecutor();

  private ThreadPools() {}

  /** For manifests. */
  public static ExecutorService getWorkerPool() {
    return CALLER;
  }

  /** For delete files. */
  public static ExecutorService getDeleteWorkerPool() {
    return CALLER;
  }

  /** For tokens, which the simulation does not have. */
  public static ScheduledExecutorService authRefreshPool() {
    return newScheduledPool("auth-session-refresh", AUTH_REFRESH_THREAD_POOL_SIZE);
  }

  /** The caller. */
  public static ExecutorService newWorkerPool(String namePrefix) {
    return CALLER;
  }

  /** The caller. */
  public static ExecutorService newWorkerPool(String namePrefix, int poolSize) {
    return CALLER;
  }

  /** The caller. */
  public static ExecutorService newExitingWorkerPool(String namePrefix, int poolSize) {
    return CALLER;
  }

  /** The caller. */
  public static ExecutorService newFixedThreadPool(String namePrefix, int poolSize) {
    return CALLER;
  }

  /** Daemon threads. */
  public static ScheduledExecutorService newScheduledPool(String namePrefix, int poolSize) {
    return Executors.newScheduledThreadPool(
        poolSize,
        task -> {
          Thread thread = new Thread(task, namePrefix);
          thread.setDaemon(true);
          return thread;
        });
  }

  /** Daemon threads. */
  public static ScheduledExecutorService newExitingScheduledPool(
      String namePrefix, int poolSize, Duration terminationTimeout) {
    return newScheduledPool(namePrefix, poolSize);
  }

  /** Runs everything where it is submitted; cannot be shut down, because all share it. */
  private static final class CallerExecutor extends AbstractExecutorService {
    @Override
    public void execute(Runnable command) {
      command.run();
    }

    @Override
    public void shutdown() {}

    @Override
    public List<Runnable> shutdownNow() {
      return List.of();
    }

    @Override
    public boolean isShutdown() {
      return false;
    }

    @Override
    public boolean isTerminated() {
      return false;
    }

    @Override
    public boolean awaitTermination(long timeout, TimeUnit unit) {
      return true;
    }
  }
}
