package io.firn.source.reader;

import io.firn.model.row.RowChange;
import io.firn.model.source.SourceReader.Batch;
import io.firn.model.stream.ChangeBatch;
import io.firn.model.stream.SchemaChange;
import io.firn.model.stream.StreamElement;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Hands changes from the thread that captures them to the thread that polls them.
 *
 * <p>Bounded by rows and bytes: a slow consumer blocks the producer, which stops reading from the
 * server.
 *
 * <p><b>Threading</b>: one producer, one consumer; {@link #close} and {@link #fail} from anywhere.
 */
public final class CaptureQueue {
  private static final int MAX_ROWS = 32_768;
  private static final long MAX_BYTES = 64L << 20;
  private static final int MAX_BATCH_ROWS = 8_192;

  /** What the producer handed over at once; {@code boundary} is the place after it, or null. */
  private static final class Segment {
    private final List<RowChange> changes;
    private final SchemaChange schemaChange;
    private final long bytes;
    private Boundary boundary;

    Segment(List<RowChange> changes, SchemaChange schemaChange, long bytes, Boundary boundary) {
      this.changes = changes;
      this.schemaChange = schemaChange;
      this.bytes = bytes;
      this.boundary = boundary;
    }
  }

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition notEmpty = lock.newCondition();
  private final Condition notFull = lock.newCondition();
  private final Deque<Segment> segments = new ArrayDeque<>();
  private int rows;
  private long bytes;
  private RuntimeException failure;
  private boolean closed;

  /**
   * Adds changes, waiting for space. A single transaction larger than the bounds arrives in several
   * calls, all but the last without a boundary.
   *
   * @param changes not empty; handed over, not to be changed by the caller any more
   * @param size their size in bytes, roughly
   * @param after the place after them, or null inside a transaction
   * @throws InterruptedException if the queue was closed
   */
  public void put(List<RowChange> changes, long size, Boundary after) throws InterruptedException {
    lock.lockInterruptibly();
    try {
      while (!closed && failure == null && rows > 0 && (rows >= MAX_ROWS || bytes >= MAX_BYTES)) {
        notFull.await();
      }
      add(new Segment(changes, null, size, after));
      rows += changes.size();
      bytes += size;
    } finally {
      lock.unlock();
    }
  }

  /** Adds a schema change. */
  public void put(SchemaChange change) throws InterruptedException {
    lock.lockInterruptibly();
    try {
      add(new Segment(null, change, 0, null));
    } finally {
      lock.unlock();
    }
  }

  /** Says that there is a boundary after everything added so far. */
  public void put(Boundary boundary) throws InterruptedException {
    lock.lockInterruptibly();
    try {
      checkOpen();
      Segment last = segments.peekLast();
      if (last != null) {
        last.boundary = boundary;
      } else {
        add(new Segment(null, null, 0, boundary));
      }
    } finally {
      lock.unlock();
    }
  }

  /** After a failure nothing more may come: what follows would leave a gap behind it. */
  private void checkOpen() throws InterruptedException {
    if (closed || failure != null) {
      throw new InterruptedException("closed");
    }
  }

  private void add(Segment segment) throws InterruptedException {
    checkOpen();
    segments.add(segment);
    notEmpty.signal();
  }

  /**
   * Makes {@link #poll} throw once it has delivered what was added before. The first one counts.
   */
  public void fail(RuntimeException cause) {
    lock.lock();
    try {
      if (failure == null && !closed) {
        failure = cause;
      }
      notEmpty.signalAll();
      notFull.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Whether {@link #fail} was called. */
  public boolean failed() {
    lock.lock();
    try {
      return failure != null;
    } finally {
      lock.unlock();
    }
  }

  /** Lets go of both sides: the producer is interrupted, the consumer gets nothing more. */
  public void close() {
    lock.lock();
    try {
      closed = true;
      segments.clear();
      notFull.signalAll();
      notEmpty.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /**
   * Takes what is there, up to a limit.
   *
   * @param boundaryWanted whether to stop at the first boundary
   * @param timeoutMillis how long to wait if there is nothing
   */
  public Batch poll(boolean boundaryWanted, long timeoutMillis) {
    lock.lock();
    try {
      if (segments.isEmpty() && failure == null && !closed) {
        notEmpty.await(timeoutMillis, TimeUnit.MILLISECONDS);
      }
      if (segments.isEmpty()) {
        if (failure != null && !closed) {
          throw failure;
        }
        return Batch.EMPTY;
      }
      Batch batch = take(boundaryWanted);
      notFull.signal();
      return batch;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Batch.EMPTY;
    } finally {
      lock.unlock();
    }
  }

  private Batch take(boolean boundaryWanted) {
    List<StreamElement> elements = new ArrayList<>();
    List<RowChange> pending = null;
    boolean pendingOwned = false;
    Boundary boundary = null;
    int taken = 0;
    while (taken < MAX_BATCH_ROWS) {
      Segment segment = segments.poll();
      if (segment == null) {
        break;
      }
      boundary = segment.boundary;
      if (segment.changes != null) {
        taken += segment.changes.size();
        rows -= segment.changes.size();
        bytes -= segment.bytes;
        if (pending == null) {
          pending = segment.changes;
          pendingOwned = false;
        } else {
          if (!pendingOwned) {
            pending = new ArrayList<>(pending);
            pendingOwned = true;
          }
          pending.addAll(segment.changes);
        }
      } else if (segment.schemaChange != null) {
        if (pending != null) {
          elements.add(new ChangeBatch(pending));
          pending = null;
        }
        elements.add(segment.schemaChange);
      }
      if (boundaryWanted && boundary != null) {
        break;
      }
    }
    if (pending != null) {
      elements.add(new ChangeBatch(pending));
    }
    return new Batch(elements, boundary == null ? null : boundary.state());
  }
}
