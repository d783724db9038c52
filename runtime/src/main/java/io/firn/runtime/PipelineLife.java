package io.firn.runtime;

import io.firn.model.source.SourceReader;
import io.firn.runtime.checkpoint.CheckpointCoordinator;
import io.firn.runtime.schedule.Task;
import io.firn.runtime.schedule.WorkerPool;
import io.firn.runtime.task.SourceTask;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The tasks of one life of a pipeline, from a start to a stop or failure.
 *
 * <p><b>Threading</b>: every task is stepped by one thread at a time; {@link #close} when none is
 * stepped any more.
 */
public final class PipelineLife implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(PipelineLife.class);

  /** The reader waits for input by itself; this is for when it does not. */
  private static final long SOURCE_SLEEP_NANOS = TimeUnit.MILLISECONDS.toNanos(2);

  /** Tasks are woken; this only limits what a mistake in it would cost. */
  private static final long TASK_SLEEP_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

  private static final long COORDINATOR_SLEEP_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

  private final long epoch;
  private final SourceTask source;
  private final List<Task> keyed;
  private final CheckpointCoordinator coordinator;

  /**
   * @param keyed transform and sink tasks, upstream first
   */
  PipelineLife(long epoch, SourceTask source, List<Task> keyed, CheckpointCoordinator coordinator) {
    this.epoch = epoch;
    this.source = source;
    this.keyed = List.copyOf(keyed);
    this.coordinator = coordinator;
  }

  /** Its epoch. */
  public long epoch() {
    return epoch;
  }

  /** Takes its checkpoints. */
  public CheckpointCoordinator coordinator() {
    return coordinator;
  }

  /** All tasks, upstream first, the coordinator last. */
  public List<Task> tasks() {
    List<Task> tasks = new ArrayList<>();
    tasks.add(source);
    tasks.addAll(keyed);
    tasks.add(coordinator);
    return tasks;
  }

  /** The same tasks by thread. */
  List<WorkerPool.Group> groups() {
    List<WorkerPool.Group> groups = new ArrayList<>();
    groups.add(group(source, SOURCE_SLEEP_NANOS));
    keyed.forEach(task -> groups.add(group(task, TASK_SLEEP_NANOS)));
    groups.add(group(coordinator, COORDINATOR_SLEEP_NANOS));
    return groups;
  }

  private static WorkerPool.Group group(Task task, long sleepNanos) {
    return new WorkerPool.Group("firn-" + task.name(), List.of(task), sleepNanos);
  }

  /** Makes the {@link SourceReader} return from a call soon. From any thread. */
  void interruptSource() {
    try {
      source.interrupt();
    } catch (RuntimeException e) {
      LOG.warn("The source did not close: {}", e.toString());
    }
  }

  /** Closes every task; one that fails to close does not keep the others from it. */
  @Override
  public void close() {
    for (Task task : tasks()) {
      try {
        task.close();
      } catch (RuntimeException e) {
        LOG.warn("Task {} did not close: {}", task.name(), e.toString());
      }
    }
  }
}
