package io.firn.simulation;

import io.firn.runtime.Pipeline;
import io.firn.runtime.PipelineLife;
import io.firn.runtime.PipelineListener;
import io.firn.runtime.PipelineStarter;
import io.firn.runtime.StopCondition;
import io.firn.runtime.checkpoint.CheckpointCoordinator;
import io.firn.runtime.checkpoint.CheckpointReport;
import io.firn.runtime.checkpoint.CheckpointStore;
import io.firn.runtime.fake.FakeClock;
import io.firn.runtime.fake.SimulatedCrash;
import io.firn.runtime.schedule.SeededScheduler;
import io.firn.runtime.schedule.Task;
import io.firn.runtime.state.StateBackend;
import io.firn.simulation.fault.Faults;
import java.util.concurrent.TimeUnit;

/**
 * One simulated process that runs a pipeline, single-threaded: what {@code PipelineRunner} is on
 * threads. A failure that may pass begins another life in the same process.
 */
final class Instance {
  private static final int MAX_ATTEMPTS = 10;

  private final String name;
  private final Pipeline pipeline;
  private final StateBackend backend;
  private final FakeClock clock;
  private final Faults faults;
  private final StopCondition stop;
  private final BackgroundWork background;
  private final CheckpointStore store;
  private PipelineStarter starter;
  private PipelineLife life;
  private Throwable end;
  private boolean finished;
  private int attempts;

  Instance(
      String name,
      Pipeline pipeline,
      StateBackend backend,
      FakeClock clock,
      Faults faults,
      StopCondition stop,
      BackgroundWork background) {
    this.background = background;
    this.name = name;
    this.pipeline = pipeline;
    this.backend = backend;
    this.clock = clock;
    this.faults = faults;
    this.stop = stop;
    this.store = new CheckpointStore(pipeline.options().pipelineId(), pipeline.storage());
  }

  String name() {
    return name;
  }

  Faults faults() {
    return faults;
  }

  /** The epoch of the current life; 0 before one was claimed. */
  long epoch() {
    return starter == null ? 0 : starter.epoch();
  }

  /** Whether the process has ended, in whatever way. */
  boolean over() {
    return finished || faults.dead() || end != null;
  }

  /** Whether it ended because everything there is to read is committed. */
  boolean finished() {
    return finished;
  }

  /** What made it end, unless it crashed or finished. */
  Throwable end() {
    return end;
  }

  /** Starts the process, or its next life. */
  void begin() {
    starter = new PipelineStarter(pipeline, backend, store, clock);
    try {
      life = starter.start(stop, new Attempts());
    } catch (SimulatedCrash e) {
      abandon();
    } catch (RuntimeException e) {
      failed(e);
    }
  }

  /** One step of one task, or something in the background. */
  void step(SeededScheduler scheduler) {
    if (over()) {
      return;
    }
    if (life == null) {
      begin();
      return;
    }
    try {
      if (!background.step()) {
        scheduler.step(life.tasks());
      }
      if (faults.dead()) {
        abandon();
      } else if (life.coordinator().state() == CheckpointCoordinator.State.FINISHED) {
        finished = true;
        closeLife();
      }
    } catch (SimulatedCrash e) {
      abandon();
    } catch (RuntimeException e) {
      failed(e);
    }
  }

  private void failed(RuntimeException failure) {
    if (faults.dead()) {
      abandon();
      return;
    }
    try {
      closeLife();
      Throwable explained = starter.explain(failure);
      faults.reachedEnd(explained);
      attempts++;
      if (!PipelineStarter.mayPass(explained) || attempts > MAX_ATTEMPTS) {
        end = explained;
        return;
      }
      clock.advance(TimeUnit.SECONDS.toNanos(1L << Math.min(attempts, 6)));
    } catch (SimulatedCrash e) {
      abandon();
    }
  }

  /** The process is no more; only what this JVM holds for it is released. */
  void abandon() {
    faults.kill();
    if (life != null) {
      for (Task task : life.tasks()) {
        try {
          task.close();
        } catch (RuntimeException | SimulatedCrash e) {
          // A dead process releases nothing in the simulated world.
        }
      }
      life = null;
    }
  }

  private void closeLife() {
    if (life != null) {
      PipelineLife ended = life;
      life = null;
      ended.close();
    }
  }

  /** Releases everything. */
  void close() {
    if (!over()) {
      abandon();
    }
    backend.close();
  }

  private final class Attempts extends io.firn.runtime.ForwardingListener {
    Attempts() {
      super(pipeline.listener() == null ? PipelineListener.NONE : pipeline.listener());
    }

    @Override
    public void onCheckpointCompleted(CheckpointReport report) {
      attempts = 0;
      super.onCheckpointCompleted(report);
    }
  }
}
