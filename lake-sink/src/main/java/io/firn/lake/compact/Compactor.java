package io.firn.lake.compact;

import io.firn.lake.table.DataFileName;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Does rewrites on threads of its own, at the lowest priority and within a share of the processor.
 *
 * <p><b>Invariant</b>: a job that does not end as a {@link Finished} with a file leaves no file.
 *
 * <p><b>Threading</b>: one thread submits, polls and closes.
 */
public final class Compactor implements AutoCloseable {
  static final Logger LOG = LoggerFactory.getLogger(Compactor.class);
  private static final long END_TIMEOUT_SECONDS = 10;

  private final CompactionSettings settings;
  private final Executor executor;
  private final ConcurrentLinkedQueue<Finished> finished = new ConcurrentLinkedQueue<>();
  private final Set<Work> running = ConcurrentHashMap.newKeySet();
  private volatile boolean closed;

  /**
   * How a job ended.
   *
   * @param job the job
   * @param result what came of it, or null
   * @param failure why there is none, or null
   */
  public record Finished(Work job, Work.Done result, Throwable failure) {}

  /** With threads, which start with the first job. */
  public Compactor(CompactionSettings settings) {
    this(settings, Executors.newFixedThreadPool(settings.concurrentRewrites(), new Threads()));
  }

  /** With another way to run jobs; for tests and simulations. */
  public Compactor(CompactionSettings settings, Executor executor) {
    this.settings = settings;
    this.executor = executor;
  }

  private static final class Threads implements java.util.concurrent.ThreadFactory {
    private final AtomicInteger count = new AtomicInteger();

    @Override
    public Thread newThread(Runnable work) {
      Thread thread = new Thread(work, "firn-compaction-" + count.getAndIncrement());
      thread.setDaemon(true);
      thread.setPriority(Thread.MIN_PRIORITY);
      return thread;
    }
  }

  /** Whether another job would be started at once. */
  public boolean hasRoom() {
    return running.size() < settings.concurrentRewrites();
  }

  /** Starts a job. */
  public void submit(Work job) {
    running.add(job);
    executor.execute(() -> run(job));
  }

  @SuppressWarnings("InterruptedExceptionSwallowed") // the thread is the pool's, which ends
  private void run(Work job) {
    Finished end;
    try {
      double share =
          settings.cpuShare()
              * Runtime.getRuntime().availableProcessors()
              / settings.concurrentRewrites();
      if (closed) {
        throw new InterruptedException();
      }
      end = new Finished(job, job.run(new CpuThrottle(share)), null);
    } catch (Throwable e) { // handed to the thread that polls
      end = new Finished(job, null, e);
    }
    finished.add(end);
    running.remove(job);
    if (closed) {
      discardFinished();
    }
  }

  /** Whether a job ended and was not polled yet. */
  public boolean hasFinished() {
    return !finished.isEmpty();
  }

  /** A job that ended since, or null. */
  public Finished poll() {
    return finished.poll();
  }

  /** Deletes a file of a job that is certainly in no table. */
  static void delete(Work job, String location) {
    if (DataFileName.parse(location).isEmpty()) {
      throw new IllegalArgumentException("'" + location + "' is not a file of compaction");
    }
    // An interrupt that is pending would keep the file system from deleting.
    boolean interrupted = Thread.interrupted();
    try {
      job.table().io().deleteFile(location);
    } catch (RuntimeException e) {
      LOG.debug("File '{}' was not there to delete", location, e);
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private void discardFinished() {
    for (Finished end = finished.poll(); end != null; end = finished.poll()) {
      if (end.result() != null) {
        Work job = end.job();
        end.result().locations().forEach(location -> delete(job, location));
      }
    }
  }

  /** Ends all jobs, and deletes the files of those that were not polled. */
  @Override
  public void close() {
    closed = true;
    if (executor instanceof ExecutorService service) {
      service.shutdownNow();
      try {
        if (!service.awaitTermination(END_TIMEOUT_SECONDS, TimeUnit.SECONDS)) {
          LOG.warn("A rewrite does not end; its file will be removed as an orphan");
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
    discardFinished();
  }
}
