package io.firn.runtime.channel;

import io.firn.model.stream.ChangeBatch;
import io.firn.model.stream.StreamElement;
import io.firn.runtime.schedule.Signal;
import org.jctools.queues.atomic.SpscAtomicArrayQueue;

/**
 * A bounded queue of stream elements between two tasks, in order. A refused offer is back-pressure:
 * the producer keeps the element and offers it again later.
 *
 * <p><b>Threading</b>: one producing and one consuming thread.
 */
public final class Channel {
  private final SpscAtomicArrayQueue<StreamElement> queue;
  private final int maxElements;
  private final long maxRows;
  private volatile long rowsIn;
  private volatile long rowsOut;
  private volatile Signal producer = Signal.NONE;
  private volatile Signal consumer = Signal.NONE;

  /** An empty channel. */
  public Channel(ChannelLimits limits) {
    // JCTools rounds up to a power of two; the exact limit is kept here.
    this.queue = new SpscAtomicArrayQueue<>(Math.max(4, limits.elements()));
    this.maxElements = limits.elements();
    this.maxRows = limits.rows();
  }

  /** Whom to wake when there is room again. */
  public void wakeProducer(Signal signal) {
    producer = signal;
  }

  /** Whom to wake when there is an element. */
  public void wakeConsumer(Signal signal) {
    consumer = signal;
  }

  /**
   * Appends an element, if there is room.
   *
   * @return false if there is none
   */
  @SuppressWarnings("NonAtomicVolatileUpdate") // the producer is the one writer of rowsIn
  public boolean offer(StreamElement element) {
    int rows = rowsOf(element);
    long inFlight = rowsIn - rowsOut;
    if ((inFlight > 0 && rows > 0 && inFlight + rows > maxRows) || queue.size() >= maxElements) {
      return false;
    }
    rowsIn += rows;
    if (!queue.offer(element)) {
      throw new IllegalStateException("The queue refused an element although it had room");
    }
    consumer.wake();
    return true;
  }

  /** Takes the oldest element, or null if there is none. */
  @SuppressWarnings("NonAtomicVolatileUpdate") // the consumer is the one writer of rowsOut
  public StreamElement poll() {
    StreamElement element = queue.poll();
    if (element != null) {
      rowsOut += rowsOf(element);
      producer.wake();
    }
    return element;
  }

  /** The oldest element without taking it, or null if there is none. For the consumer. */
  public StreamElement peek() {
    return queue.peek();
  }

  /** Rows in the channel now. */
  public long rowsInFlight() {
    return rowsIn - rowsOut;
  }

  private static int rowsOf(StreamElement element) {
    return element instanceof ChangeBatch batch ? batch.changes().size() : 0;
  }
}
