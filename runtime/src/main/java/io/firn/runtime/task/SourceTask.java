package io.firn.runtime.task;

import io.firn.model.source.SourceReader;
import io.firn.model.source.SourceState;
import io.firn.model.stream.Barrier;
import io.firn.model.stream.ChangeBatch;
import io.firn.model.stream.SourcePosition;
import io.firn.model.stream.StreamElement;
import io.firn.runtime.checkpoint.CheckpointRequest;
import io.firn.runtime.checkpoint.CheckpointResponder;
import io.firn.runtime.checkpoint.CheckpointTrigger;
import io.firn.runtime.schedule.Progress;
import io.firn.runtime.schedule.Signal;
import io.firn.runtime.schedule.StateMachine;
import io.firn.runtime.schedule.Task;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Reads the source, spreads its rows over the next tasks, and places barriers at boundaries.
 *
 * <p><b>Invariants</b>: barriers stand only where the reader said that one may; nothing is read
 * while an output has no room.
 *
 * <p><b>Threading</b>: the task's thread; {@link #interrupt} from any.
 */
public final class SourceTask implements Task {

  /** What the task is doing. */
  enum State {
    OPENING,
    READING,
    CAUGHT_UP,
    FINISHED
  }

  private static final Map<State, Set<State>> TRANSITIONS =
      Map.of(
          State.OPENING, Set.of(State.READING, State.CAUGHT_UP),
          State.READING, Set.of(State.CAUGHT_UP, State.FINISHED),
          State.CAUGHT_UP, Set.of(State.FINISHED));

  private final SourceReader reader;
  private final Optional<SourcePosition> noBarrierBefore;
  private final Optional<SourcePosition> end;
  private final Distribution distribution;
  private final Outputs outputs;
  private final CheckpointTrigger trigger;
  private final CheckpointResponder responder;
  private final ReadCounter counter;
  private final StateMachine<State> machine =
      new StateMachine<>("the source task", State.OPENING, TRANSITIONS);

  private final AtomicBoolean closed = new AtomicBoolean();

  /** State of the last barrier, or of the checkpoint that reading goes on from; else null. */
  private SourceState lastBarrier;

  /** State right after the last element that was read, if a barrier may stand there; else null. */
  private SourceState boundary;

  private boolean readSinceBarrier;
  private long rowsSinceBarrier;

  /**
   * @param reader not opened yet
   * @param start what the reader goes on from
   * @param noBarrierBefore boundaries before this place are passed over
   * @param end the position at which the task stops reading and asks for the last checkpoint
   */
  public SourceTask(
      SourceReader reader,
      Optional<SourceState> start,
      Optional<SourcePosition> noBarrierBefore,
      Optional<SourcePosition> end,
      Distribution distribution,
      Outputs outputs,
      CheckpointTrigger trigger,
      CheckpointResponder responder,
      ReadListener listener) {
    this.reader = reader;
    this.lastBarrier = start.orElse(null);
    this.noBarrierBefore = noBarrierBefore;
    this.end = end;
    this.distribution = distribution;
    this.outputs = outputs;
    this.trigger = trigger;
    this.responder = responder;
    this.counter = new ReadCounter(listener);
  }

  @Override
  public String name() {
    return "source";
  }

  @Override
  public void attach(Signal signal) {
    outputs.attach(signal);
    trigger.wakeSource(signal);
  }

  @Override
  public Progress step() {
    return switch (machine.state()) {
      case OPENING -> open();
      case READING -> read();
      case CAUGHT_UP -> waitForLastRequest();
      case FINISHED -> outputs.flush() ? Progress.DONE : Progress.BLOCKED;
    };
  }

  private Progress open() {
    if (lastBarrier != null
        && lastBarrier.snapshotCompleted()
        && mayStandAt(lastBarrier)
        && end.isPresent()
        && lastBarrier.position().sameLog(end.get()) // else the reader checks the other server
        && endReached(lastBarrier)) {
      boundary = lastBarrier; // nothing to read at all
      stopReading();
      return Progress.PROGRESSED;
    }
    reader.open();
    machine.become(State.READING);
    return Progress.PROGRESSED;
  }

  private Progress read() {
    if (!outputs.flush()) {
      return Progress.BLOCKED;
    }
    if (boundary != null && mayStandAt(boundary)) {
      if (endReached(boundary)) {
        stopReading();
        return Progress.PROGRESSED;
      }
      if (answerRequest()) {
        return Progress.PROGRESSED;
      }
    }
    SourceReader.Batch batch = reader.poll(trigger.pending() != null);
    if (batch.elements().isEmpty()) {
      if (batch.boundary() != null) {
        boundary = batch.boundary();
      }
      distribution.flush();
      return Progress.IDLE;
    }
    for (StreamElement element : batch.elements()) {
      pass(element);
    }
    readSinceBarrier = true;
    boundary = batch.boundary();
    return Progress.PROGRESSED;
  }

  private void pass(StreamElement element) {
    if (element instanceof ChangeBatch changes) {
      if (changes.changes().isEmpty()) {
        return;
      }
      rowsSinceBarrier += changes.changes().size();
      counter.count(changes.changes());
      distribution.distribute(changes);
    } else if (element instanceof Barrier barrier) {
      throw new IllegalStateException("The source reader sent barrier " + barrier.checkpointId());
    } else {
      distribution.flush();
      outputs.broadcast(element);
    }
  }

  private boolean mayStandAt(SourceState state) {
    return noBarrierBefore.isEmpty() || state.position().reaches(noBarrierBefore.get());
  }

  private boolean endReached(SourceState state) {
    return end.isPresent() && state.position().reaches(end.get());
  }

  private void stopReading() {
    machine.become(State.CAUGHT_UP);
    responder.caughtUp();
  }

  private Progress waitForLastRequest() {
    if (!outputs.flush()) {
      return Progress.BLOCKED;
    }
    return answerRequest() ? Progress.PROGRESSED : Progress.IDLE;
  }

  /** Places the barrier that is asked for, if any. Call at a boundary only. */
  private boolean answerRequest() {
    CheckpointRequest request = trigger.pending();
    if (request == null) {
      return false;
    }
    trigger.answered();
    distribution.flush();
    if (readSinceBarrier || moved(lastBarrier, boundary)) {
      Barrier barrier = new Barrier(request.checkpointId(), boundary);
      responder.barrierPlaced(barrier, rowsSinceBarrier);
      outputs.broadcast(barrier);
      lastBarrier = boundary;
      readSinceBarrier = false;
      rowsSinceBarrier = 0;
    } else {
      responder.declined(request.checkpointId());
    }
    if (request.last()) {
      machine.become(State.FINISHED);
    }
    return true;
  }

  /** The opaque offset is left out: it may carry a timestamp and change while nothing happens. */
  private static boolean moved(SourceState from, SourceState to) {
    return from == null
        || from.snapshotCompleted() != to.snapshotCompleted()
        || !from.position().equals(to.position())
        || !from.tableSchemas().equals(to.tableSchemas());
  }

  /** Makes a running or later poll end soon. */
  public void interrupt() {
    if (closed.compareAndSet(false, true)) {
      reader.close();
    }
  }

  @Override
  public void close() {
    interrupt();
  }
}
