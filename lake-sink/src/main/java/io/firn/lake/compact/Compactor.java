package io.firn.lake.compact;

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
  private final Set<RewriteJob> running = ConcurrentHashMap.newKeySet();
  private volatile boolean closed;

  /**
   * How a job ended.
   *
   * @param job the job
   * @param result the new file, or null
   * @param failure why there is none, or null
   */
  public record Finished(RewriteJob job, RewrittenFile result, Throwable failure) {}

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
  public void submit(RewriteJob job) {
    running.add(job);
    executor.execute(() -> run(job));
  }

  @SuppressWarnings("InterruptedExceptionSwallowed") // the thread is the pool's, which ends
  private void run(RewriteJob job) {
    Finished end;
    try {
      double share =
          settings.cpuShare()
              * Runtime.getRuntime().availableProcessors()
              / settings.concurrentRewrites();
      if (closed) {
        throw new InterruptedException();
      }
      end = new Finished(job, new FileRewriter(job, new CpuThrottle(share)).rewrite(), null);
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

  /** Deletes the file of a job that ended and that is certainly in no table. */
  public void discard(RewrittenFile result) {
    FileRewriter.delete(result.job(), result.file().location());
  }

  private void discardFinished() {
    for (Finished end = finished.poll(); end != null; end = finished.poll()) {
      if (end.result() != null) {
        discard(end.result());
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
