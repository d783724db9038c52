package io.firn.runtime.task;

import io.firn.model.stream.Barrier;
import io.firn.model.stream.ChangeBatch;
import io.firn.model.stream.SchemaChange;
import io.firn.model.stream.StreamElement;
import io.firn.runtime.channel.Channel;
import io.firn.runtime.schedule.Signal;
import java.util.List;

/**
 * The channels that a task reads from, as one ordered stream.
 *
 * <p>Every input sends exactly one batch (perhaps {@link #NOTHING}) per turn, and the turns go
 * round the inputs in the order in which the source dealt its batches. Reading in the same order
 * gives back the source's order; without it, the DELETE of a row and the INSERT of its successor
 * under the same target key, transformed by different tasks, could overtake each other.
 *
 * <p>A control element arrives once per input and is delivered once, after all inputs sent it: that
 * is the alignment of barriers and of schema changes.
 *
 * <p><b>Threading</b>: the task's thread.
 */
public final class OrderedInputs {
  /** A turn in which an input has no row for this task. Never leaves the runtime. */
  static final ChangeBatch NOTHING = new ChangeBatch(List.of());

  private final List<Channel> channels;
  private int next;
  private StreamElement aligning;
  private int arrived;

  /** One input per channel, in the order in which the source deals to their producers. */
  public OrderedInputs(List<Channel> channels) {
    this.channels = List.copyOf(channels);
  }

  /** Whom to wake when there is input. */
  void attach(Signal signal) {
    channels.forEach(channel -> channel.wakeConsumer(signal));
  }

  /** The next element, or null if the input whose turn it is has none yet. */
  StreamElement poll() {
    while (true) {
      int input = (next + arrived) % channels.size();
      StreamElement element = channels.get(input).poll();
      if (element == null) {
        return null;
      }
      if (element instanceof ChangeBatch batch) {
        if (aligning != null) {
          throw outOfOrder(input, "rows");
        }
        next = (next + 1) % channels.size();
        if (!batch.changes().isEmpty()) {
          return batch;
        }
      } else {
        if (aligning != null && !sameControl(aligning, element)) {
          throw outOfOrder(input, describe(element));
        }
        aligning = element;
        arrived++;
        if (arrived == channels.size()) {
          arrived = 0;
          aligning = null;
          return element;
        }
      }
    }
  }

  private static boolean sameControl(StreamElement one, StreamElement other) {
    if (one instanceof Barrier a && other instanceof Barrier b) {
      return a.checkpointId() == b.checkpointId();
    }
    return one instanceof SchemaChange a
        && other instanceof SchemaChange b
        && a.getClass() == b.getClass()
        && a.schemaAfter().equals(b.schemaAfter());
  }

  private IllegalStateException outOfOrder(int input, String what) {
    return new IllegalStateException(
        "Input " + input + " sent " + what + " where others sent " + describe(aligning));
  }

  private static String describe(StreamElement element) {
    if (element instanceof SchemaChange change) {
      return change.getClass().getSimpleName() + " of " + change.table();
    }
    return element instanceof Barrier barrier ? "barrier " + barrier.checkpointId() : "rows";
  }
}
