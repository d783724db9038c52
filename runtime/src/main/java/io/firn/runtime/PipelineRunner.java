package io.firn.runtime;

import io.firn.model.error.FencedException;
import io.firn.model.error.RetryableException;
import io.firn.model.source.SourceState;
import io.firn.runtime.checkpoint.CheckpointReport;
import io.firn.runtime.checkpoint.CheckpointStore;
import io.firn.runtime.schedule.NanoClock;
import io.firn.runtime.schedule.TaskTimes;
import io.firn.runtime.schedule.WorkerPool;
import io.firn.runtime.state.StateBackend;
import io.firn.runtime.state.rocksdb.RocksStateBackend;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs a pipeline on threads until it is stopped, has reached its end or fails for good.
 *
 * <p>After a failure that may pass ({@link RetryableException}), and after a commit whose outcome
 * is unknown, which recovery finds out by reading the tables, the pipeline starts again from the
 * last checkpoint. Everything else ends it.
 *
 * <p><b>Threading</b>: {@link #run} once, on any thread; the other methods from any thread at any
 * time.
 */
public final class PipelineRunner {
  private static final Logger LOG = LoggerFactory.getLogger(PipelineRunner.class);
  private static final long THREADS_END_TIMEOUT_MILLIS = 60_000;

  private final Pipeline pipeline;
  private final StateBackend backend;
  private final NanoClock clock;
  private final CheckpointStore store;
  private final long threadsEndTimeoutMillis;
  private final PipelineListener listener;
  private final Object stopMonitor = new Object();
  private volatile boolean stopRequested;
  private volatile List<TaskTimes> taskTimes = List.of();

  // Written by the coordinator's thread, read by the one in run() and again by the next life's.
  private volatile int attempts;
  private volatile long checkpoints;
  private volatile SourceState lastSource;

  private int restarts;

  /** Whether tasks' threads may be running: until they ended, nothing that they use is closed. */
  private boolean threadsRunning;

  /** A run with keyed state in RocksDB and the machine's clock. */
  public PipelineRunner(Pipeline pipeline) {
    this(
        pipeline,
        new RocksStateBackend(
            pipeline.options().stateDirectory(), pipeline.options().stateMemory()),
        NanoClock.SYSTEM);
  }

  /** A run with the given keyed state and clock; the runner closes the backend. */
  public PipelineRunner(Pipeline pipeline, StateBackend backend, NanoClock clock) {
    this(pipeline, backend, clock, THREADS_END_TIMEOUT_MILLIS);
  }

  PipelineRunner(
      Pipeline pipeline, StateBackend backend, NanoClock clock, long threadsEndTimeoutMillis) {
    this.threadsEndTimeoutMillis = threadsEndTimeoutMillis;
    this.pipeline = pipeline;
    this.backend = backend;
    this.clock = clock;
    this.store = new CheckpointStore(pipeline.options().pipelineId(), pipeline.storage());
    this.listener = new Bookkeeping(pipeline.listener());
  }

  /**
   * Runs the pipeline, and closes source, sink and storage in the end, unless a thread that uses
   * them does not end: then the failure says so, and the process has to be ended.
   *
   * @throws FencedException if a newer instance has taken over
   * @throws RuntimeException what made the pipeline fail
   */
  public PipelineSummary run(StopCondition stop) {
    try {
      while (true) {
        Optional<PipelineSummary> end = live(stop);
        if (end.isPresent()) {
          return end.get();
        }
      }
    } finally {
      listener.onPhase(PipelineListener.Phase.ENDED);
      closeAll();
    }
  }

  private void closeAll() {
    if (threadsRunning) {
      // RocksDB crashes the process when it is closed under a running thread.
      LOG.error("A thread of the pipeline is still running: nothing is closed; end the process");
      return;
    }
    closeQuietly(pipeline.source());
    closeQuietly(pipeline.sink());
    closeQuietly(backend);
    closeQuietly(pipeline.storage());
  }

  /**
   * Asks for a clean end: one last checkpoint at the next boundary, within the configured time.
   * Returns at once.
   */
  public void stop() {
    synchronized (stopMonitor) {
      stopRequested = true;
      stopMonitor.notifyAll();
    }
  }

  /** Where the time of each task of the current life went. */
  public List<TaskTimes> taskTimes() {
    return taskTimes;
  }

  /** One life; empty if another one shall follow. */
  private Optional<PipelineSummary> live(StopCondition stop) {
    if (stopRequested) {
      return Optional.of(summary(restarts == 0));
    }
    PipelineStarter starter = new PipelineStarter(pipeline, backend, store, clock);
    Throwable failure;
    try {
      PipelineLife life = starter.start(stop, listener);
      return Optional.of(summary(drive(life)));
    } catch (Throwable e) { // decided upon below, nothing is swallowed
      failure = e;
    }
    if (failure instanceof InterruptedException) {
      Thread.currentThread().interrupt();
      return Optional.of(summary(false));
    }
    failure = starter.explain(failure);
    if (!PipelineStarter.mayPass(failure)) {
      throw unchecked(failure);
    }
    if (stopRequested) {
      LOG.warn("Stopped without a last checkpoint: {}", failure.toString());
      return Optional.of(summary(false));
    }
    int attempt = attempts + 1;
    if (attempt > pipeline.options().restartPolicy().maxAttempts()) {
      throw unchecked(failure);
    }
    attempts = attempt;
    restarts++;
    waitBeforeRestart(attempt, failure);
    return Optional.empty();
  }

  /**
   * Runs a life's tasks until its end.
   *
   * @return whether it ended with everything committed
   */
  private boolean drive(PipelineLife life) throws Throwable {
    WorkerPool pool = new WorkerPool(life.groups(), life.coordinator(), clock);
    taskTimes = pool.times();
    listener.onPhase(PipelineListener.Phase.RUNNING);
    boolean clean = false;
    Throwable failure = null;
    threadsRunning = true;
    try {
      pool.start();
      clean = pool.await(new StopWatch(life));
    } catch (Throwable e) { // thrown again once the threads have ended
      failure = e;
    }
    pool.stop();
    life.interruptSource();
    if (!pool.join(threadsEndTimeoutMillis)) {
      // Nothing may be closed under a running thread, and no other life may begin beside it.
      throw new IllegalStateException(
          "Cannot end the pipeline's threads: one of them does not return from a call within "
              + threadsEndTimeoutMillis / 1000
              + " s; end the process.",
          failure);
    }
    threadsRunning = false;
    life.close();
    taskTimes = List.of();
    if (pool.failure() instanceof OutOfMemoryError outOfMemory) {
      throw outOfMemory;
    }
    if (failure != null) {
      throw failure;
    }
    return clean;
  }

  /** Asks the coordinator to finish when a stop is requested, and gives up after a while. */
  private final class StopWatch implements java.util.function.BooleanSupplier {
    private final PipelineLife life;
    private boolean stopping;
    private long stopNanos;

    StopWatch(PipelineLife life) {
      this.life = life;
    }

    @Override
    public boolean getAsBoolean() {
      if (!stopRequested) {
        return false;
      }
      long now = clock.nanos();
      if (!stopping) {
        stopping = true;
        stopNanos = now;
        listener.onPhase(PipelineListener.Phase.STOPPING);
        life.coordinator().stop();
      }
      return now - stopNanos > pipeline.options().stopTimeout().toNanos();
    }
  }

  private void waitBeforeRestart(int attempt, Throwable cause) {
    Duration delay = pipeline.options().restartPolicy().delayBefore(attempt);
    LOG.warn("Attempt {} to restart in {}: {}", attempt, delay, cause.toString());
    listener.onRestart(attempt, delay, cause);
    listener.onPhase(PipelineListener.Phase.WAITING_TO_RESTART);
    long end = System.nanoTime() + delay.toNanos();
    synchronized (stopMonitor) {
      long rest = delay.toNanos();
      while (rest > 0 && !stopRequested) {
        try {
          TimeUnit.NANOSECONDS.timedWait(stopMonitor, rest);
        } catch (InterruptedException e) {
          Thread.currentThread().interrupt();
          stopRequested = true;
        }
        rest = end - System.nanoTime();
      }
    }
  }

  private PipelineSummary summary(boolean clean) {
    return new PipelineSummary(clean, checkpoints, restarts, Optional.ofNullable(lastSource));
  }

  private static RuntimeException unchecked(Throwable failure) {
    if (failure instanceof Error error) {
      throw error;
    }
    return failure instanceof RuntimeException e ? e : new IllegalStateException(failure);
  }

  private static void closeQuietly(AutoCloseable resource) {
    try {
      resource.close();
    } catch (Exception e) {
      LOG.warn("Cannot close {}: {}", resource.getClass().getSimpleName(), e.toString());
    }
  }

  /** Counts checkpoints on the way to the user's listener. */
  private final class Bookkeeping extends ForwardingListener {
    Bookkeeping(PipelineListener target) {
      super(target);
    }

    @Override
    @SuppressWarnings("NonAtomicVolatileUpdate") // lives follow each other: one writer
    public void onCheckpointCompleted(CheckpointReport report) {
      attempts = 0;
      checkpoints++;
      lastSource = report.source();
      super.onCheckpointCompleted(report);
    }
  }
}
