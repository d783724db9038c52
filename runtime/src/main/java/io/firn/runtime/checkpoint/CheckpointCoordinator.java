package io.firn.runtime.checkpoint;

import io.firn.model.checkpoint.CheckpointMark;
import io.firn.model.checkpoint.CheckpointStorage;
import io.firn.model.error.RetryableException;
import io.firn.model.sink.Committer;
import io.firn.model.sink.SinkWriter.Committable;
import io.firn.model.state.KeyGroups;
import io.firn.model.stream.Barrier;
import io.firn.model.stream.SourcePosition;
import io.firn.runtime.schedule.NanoClock;
import io.firn.runtime.schedule.Progress;
import io.firn.runtime.schedule.Signal;
import io.firn.runtime.schedule.StateMachine;
import io.firn.runtime.schedule.Task;
import io.firn.runtime.state.TaskStateFiles;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Consumer;

/**
 * Takes checkpoints: asks for a barrier, collects what the tasks hand over, publishes the manifest
 * and commits. One phase per step, on a thread of its own, while the tasks run on.
 *
 * <p><b>Invariants</b>: one checkpoint in flight; the next is asked for only after the commits of
 * the one before are done. Nothing is committed that no published manifest promises. The epoch is
 * checked right before the publication; between that check and the commit, the tables' own guard
 * protects.
 *
 * <p><b>Threading</b>: the responder's methods and {@link #stop} from any thread, the rest from
 * one.
 */
public final class CheckpointCoordinator implements Task, CheckpointResponder {

  /** What the coordinator is doing. */
  public enum State {
    /** Waiting for the next checkpoint to be due. */
    IDLE,
    /** Waiting for the barrier to pass all tasks. */
    COLLECTING,
    /** Letting the committer merge what the tasks wrote. */
    PREPARING,
    /** Copying new state files to the storage. */
    STORING_STATE,
    /** Looking for a newer life of the pipeline. */
    CHECKING_EPOCH,
    /** Publishing the manifest. */
    PUBLISHING,
    /** Making the commits visible. */
    COMMITTING,
    /** Removing what is not needed any more. */
    CONFIRMING,
    /** The last checkpoint is done, or there was nothing for it. */
    FINISHED
  }

  private static final Map<State, Set<State>> TRANSITIONS =
      Map.of(
          State.IDLE, Set.of(State.COLLECTING),
          State.COLLECTING, Set.of(State.PREPARING, State.IDLE, State.FINISHED),
          State.PREPARING, Set.of(State.STORING_STATE),
          State.STORING_STATE, Set.of(State.CHECKING_EPOCH),
          State.CHECKING_EPOCH, Set.of(State.PUBLISHING),
          State.PUBLISHING, Set.of(State.COMMITTING),
          State.COMMITTING, Set.of(State.CONFIRMING),
          State.CONFIRMING, Set.of(State.IDLE, State.FINISHED));

  private final CheckpointContext context;
  private final CheckpointStore store;
  private final CheckpointStorage storage;
  private final Committer committer;
  private final CheckpointTrigger trigger;
  private final NanoClock clock;
  private final Consumer<CheckpointReport> completed;
  private final StateMachine<State> machine =
      new StateMachine<>("the checkpoint coordinator", State.IDLE, TRANSITIONS);

  /** Bounded by the protocol: a few messages per task and checkpoint, one checkpoint in flight. */
  private final ConcurrentLinkedQueue<Runnable> inbox = new ConcurrentLinkedQueue<>();

  private volatile Signal self = Signal.NONE;
  private volatile boolean stopRequested;
  private boolean caughtUp;
  private boolean declined;
  private long nextCheckpointId;
  private SourcePosition previousPosition;
  private long previousCommitId;
  private long lastRequestNanos;
  private PendingCheckpoint pending;

  /** Whether the last thing done between two checkpoints was upkeep. */
  private boolean maintained;

  /**
   * @param storage where state files go
   * @param completed told about every completed checkpoint, on the coordinator's thread
   */
  public CheckpointCoordinator(
      CheckpointContext context,
      CheckpointStore store,
      CheckpointStorage storage,
      Committer committer,
      CheckpointTrigger trigger,
      NanoClock clock,
      Consumer<CheckpointReport> completed) {
    this.context = context;
    this.store = store;
    this.storage = storage;
    this.committer = committer;
    this.trigger = trigger;
    this.clock = clock;
    this.completed = completed;
    this.nextCheckpointId = context.firstCheckpointId();
    this.previousPosition = context.previousPosition();
    this.previousCommitId = context.previousCommitId();
    this.lastRequestNanos = clock.nanos();
  }

  @Override
  public String name() {
    return "checkpoints";
  }

  @Override
  public void attach(Signal signal) {
    self = signal;
  }

  /** What the coordinator is doing now. */
  public State state() {
    return machine.state();
  }

  /** Asks for one last checkpoint, after which the coordinator is finished. */
  public void stop() {
    stopRequested = true;
    self.wake();
  }

  @Override
  public void barrierPlaced(Barrier barrier, long rows) {
    tell(
        () -> {
          pending.barrier = barrier;
          pending.rows = rows;
        });
  }

  @Override
  public void declined(long checkpointId) {
    tell(() -> declined = true);
  }

  @Override
  public void caughtUp() {
    tell(() -> caughtUp = true);
  }

  @Override
  public void acknowledge(CheckpointAck ack) {
    tell(() -> pending.add(ack));
  }

  private void tell(Runnable message) {
    inbox.add(message);
    self.wake();
  }

  @Override
  public Progress step() {
    for (Runnable message = inbox.poll(); message != null; message = inbox.poll()) {
      message.run();
    }
    switch (machine.state()) {
      case IDLE -> {
        return request();
      }
      case COLLECTING -> {
        return collect();
      }
      case PREPARING -> prepare();
      case STORING_STATE -> storeState();
      case CHECKING_EPOCH -> {
        store.checkNotFenced(context.epoch());
        machine.become(State.PUBLISHING);
      }
      case PUBLISHING -> publish();
      case COMMITTING -> commit();
      case CONFIRMING -> confirm();
      case FINISHED -> {
        return Progress.DONE;
      }
    }
    return Progress.PROGRESSED;
  }

  private Progress request() {
    boolean last = stopRequested || caughtUp;
    long now = clock.nanos();
    boolean due = last || now - lastRequestNanos >= context.intervalNanos();
    // A checkpoint that is due waits for one piece of upkeep at most, the last one for none.
    if (!last && !(due && maintained)) {
      maintained = committer.maintain();
      if (maintained) {
        return Progress.PROGRESSED;
      }
    }
    if (!due) {
      return Progress.IDLE;
    }
    maintained = false;
    lastRequestNanos = now;
    declined = false;
    CheckpointRequest request = new CheckpointRequest(nextCheckpointId, last);
    pending = new PendingCheckpoint(request, context.parallelism(), now);
    machine.become(State.COLLECTING);
    trigger.request(request);
    return Progress.PROGRESSED;
  }

  private Progress collect() {
    if (declined) {
      machine.become(pending.request.last() ? State.FINISHED : State.IDLE);
      pending = null;
      return Progress.PROGRESSED;
    }
    if (!pending.complete()) {
      return Progress.IDLE;
    }
    machine.become(State.PREPARING);
    return Progress.PROGRESSED;
  }

  private void prepare() {
    pending.mark =
        new CheckpointMark(
            context.pipelineId(),
            context.epoch(),
            pending.request.checkpointId(),
            pending.barrier.sourceState(),
            previousPosition);
    List<Committable> committables = pending.committables();
    if (!committables.isEmpty()) {
      pending.commits = List.copyOf(committer.prepare(pending.mark, committables));
    }
    pending.tables = committer.tables();
    machine.become(State.STORING_STATE);
  }

  private void storeState() {
    List<TaskStateFiles> states = new ArrayList<>();
    for (int task = 0; task < context.parallelism(); task++) {
      try {
        states.add(
            new TaskStateFiles(
                KeyGroups.rangeOf(task, context.parallelism()),
                pending.state(task).store(storage)));
      } catch (IOException e) {
        throw new RetryableException(
            "Cannot store the state of checkpoint "
                + pending.request.checkpointId()
                + " in "
                + storage.location()
                + ": "
                + e
                + "; check space, permissions and connection.",
            e);
      }
    }
    pending.taskStates = states;
    machine.become(State.CHECKING_EPOCH);
  }

  private void publish() {
    pending.manifest =
        new CheckpointManifest(
            context.pipelineId(),
            context.epoch(),
            pending.request.checkpointId(),
            pending.barrier.sourceState(),
            previousPosition,
            previousCommitId,
            pending.taskStates,
            pending.commits,
            Optional.of(pending.tables));
    store.publish(pending.manifest);
    machine.become(State.COMMITTING);
  }

  private void commit() {
    if (!pending.commits.isEmpty()) {
      committer.commit(pending.mark, pending.commits);
    }
    machine.become(State.CONFIRMING);
  }

  private void confirm() {
    PendingCheckpoint done = pending;
    previousPosition = done.mark.source().position();
    previousCommitId = done.manifest.lastCommitId();
    nextCheckpointId++;
    store.confirm(done.manifest);
    done.close();
    pending = null;
    completed.accept(
        new CheckpointReport(
            done.request.checkpointId(),
            context.epoch(),
            done.mark.source(),
            done.rows,
            done.commits.size(),
            done.committables().size(),
            done.taskStates.stream().mapToInt(task -> task.files().size()).sum(),
            clock.nanos() - done.startNanos));
    machine.become(done.request.last() ? State.FINISHED : State.IDLE);
  }

  @Override
  public void close() {
    if (pending != null) {
      pending.close();
    }
  }
}
