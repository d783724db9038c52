package io.firn.lake.index;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.LongBuffer;
import java.util.ArrayDeque;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Segments of memory outside the heap, lent to the index of every task and kept for the next life
 * when a task returns them.
 *
 * <p>Java gives direct buffers back to the operating system only when the collector finds them
 * unreachable; so what was returned is lent again instead of being allocated anew, and a pipeline
 * that restarts in the same process never holds two lives' memory. With the sink the pool becomes
 * unreachable, and the memory with it. No reference to memory that was given back exists, so none
 * can be read.
 *
 * <p><b>Threading</b>: thread-safe.
 */
public final class OffHeapMemory {
  /** Size of a segment in bytes. */
  static final int SEGMENT_BYTES = 1 << 20;

  private static final Logger LOG = LoggerFactory.getLogger(OffHeapMemory.class);

  private final ArrayDeque<LongBuffer> free = new ArrayDeque<>();
  private boolean refused;

  /** An empty pool; segments are allocated when they are asked for. */
  public OffHeapMemory() {}

  /** A segment with any content, or null if the JVM has no more memory to give. */
  synchronized LongBuffer take() {
    LongBuffer segment = free.poll();
    if (segment != null || refused) {
      return segment;
    }
    try {
      return ByteBuffer.allocateDirect(SEGMENT_BYTES).order(ByteOrder.nativeOrder()).asLongBuffer();
    } catch (OutOfMemoryError e) {
      // The JVM's own limit of direct memory, not the machine's: the index works with less.
      refused = true;
      LOG.warn(
          "The key index gets less memory than 'index.memory' allows: {}; start Firn with"
              + " FIRN_JAVA_OPTS=-XX:MaxDirectMemorySize=<bytes> above 'index.memory'",
          e.getMessage());
      return null;
    }
  }

  /** Takes segments back. The caller has no reference to them any more. */
  synchronized void giveBack(List<LongBuffer> segments) {
    free.addAll(segments);
  }

  /** How many segments wait to be lent. */
  synchronized int freeSegments() {
    return free.size();
  }
}
