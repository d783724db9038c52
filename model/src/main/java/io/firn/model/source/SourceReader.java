package io.firn.model.source;

import io.firn.model.stream.StreamElement;
import java.util.List;

/**
 * Reads one source's change stream in order.
 *
 * <p><b>Contract</b>: {@link #open} once, then {@link #poll} repeatedly, then {@link #close}. After
 * {@code open} the first elements are a {@code CreateTable} for every captured table that is known;
 * if the snapshot starts (again), each is followed by a {@code TruncateTable} before the first row
 * of any table.
 *
 * <p><b>Threading</b>: one thread calls everything; {@link #close} may come from another thread and
 * makes a running {@code poll} return or throw soon.
 */
public interface SourceReader extends AutoCloseable {

  /**
   * Connects and starts reading.
   *
   * @throws io.firn.model.error.PositionLostException if the source no longer has the position
   * @throws io.firn.model.error.RetryableException if the source cannot be reached right now
   */
  void open();

  /**
   * The next elements, without waiting longer than a few milliseconds.
   *
   * @param boundaryWanted whether the caller wants to place a barrier: the batch then ends at the
   *     first boundary it meets (a place between two source transactions)
   * @return possibly empty; never null
   * @throws io.firn.model.error.RetryableException if the connection was lost: a new reader from
   *     the last checkpoint may succeed
   */
  Batch poll(boolean boundaryWanted);

  @Override
  void close();

  /**
   * Elements in stream order.
   *
   * @param elements batches of changes and schema changes; never barriers
   * @param boundary the state of the source after the last element if a barrier may be placed
   *     there, else null. An empty batch may carry one: the source moved on without a captured
   *     change.
   */
  record Batch(List<StreamElement> elements, SourceState boundary) {
    /** Nothing to read right now, and no place for a barrier. */
    public static final Batch EMPTY = new Batch(List.of(), null);
  }
}
