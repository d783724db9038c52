package io.firn.runtime.task;

import io.firn.model.stream.StreamElement;
import io.firn.runtime.channel.Channel;
import io.firn.runtime.schedule.Signal;
import java.util.ArrayDeque;
import java.util.List;

/**
 * The channels that a task writes to, and the elements that had no room in them yet.
 *
 * <p><b>Invariants</b>: order per channel is kept. What waits is bounded as long as the task takes
 * no new input before {@link #flush} succeeded.
 *
 * <p><b>Threading</b>: the task's thread.
 */
public final class Outputs {
  private final List<Channel> channels;
  private final List<ArrayDeque<StreamElement>> waiting;

  /** Outputs into these channels. */
  public Outputs(List<Channel> channels) {
    this.channels = List.copyOf(channels);
    this.waiting = channels.stream().map(channel -> new ArrayDeque<StreamElement>()).toList();
  }

  /** How many channels there are. */
  public int size() {
    return channels.size();
  }

  /** Whom to wake when a full channel has room again. */
  void attach(Signal signal) {
    channels.forEach(channel -> channel.wakeProducer(signal));
  }

  /** Sends an element to one channel, now or with a later flush. */
  void emit(int target, StreamElement element) {
    ArrayDeque<StreamElement> queue = waiting.get(target);
    if (!queue.isEmpty() || !channels.get(target).offer(element)) {
      queue.add(element);
    }
  }

  /** Sends an element to every channel. */
  void broadcast(StreamElement element) {
    for (int target = 0; target < channels.size(); target++) {
      emit(target, element);
    }
  }

  /**
   * Offers again what had no room.
   *
   * @return whether nothing is left waiting
   */
  boolean flush() {
    boolean empty = true;
    for (int target = 0; target < channels.size(); target++) {
      ArrayDeque<StreamElement> queue = waiting.get(target);
      while (!queue.isEmpty() && channels.get(target).offer(queue.peek())) {
        queue.remove();
      }
      empty &= queue.isEmpty();
    }
    return empty;
  }
}
