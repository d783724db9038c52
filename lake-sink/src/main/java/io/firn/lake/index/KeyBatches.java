package io.firn.lake.index;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * Reads the keys of many files in several threads, and hands them over to one, batch by batch; or
 * in that one, where no threads are wanted.
 *
 * <p><b>Threading</b>: made, used and closed by one thread; the sources are opened and read by
 * threads of its own, which have ended when {@link #close} returns.
 */
final class KeyBatches implements AutoCloseable {
  private static final int ROWS = 20_000;
  private static final int QUEUED_PER_THREAD = 4;

  /** Opens a file. */
  interface Source {
    /** The file's keys; closed by the caller. */
    FileKeys open();
  }

  /** What the threads hand over: a batch, a failure, or neither when a thread has ended. */
  private record Item(FileKeys.Batch batch, Throwable failure, boolean fileEnded) {}

  private final BlockingQueue<Item> items;
  private final List<Thread> threads = new ArrayList<>();
  private final Iterator<Source> sources;
  private int running;
  private long files;
  private volatile boolean closed;

  /** The file under way, if they are read without threads. */
  private FileKeys own;

  /**
   * Starts reading.
   *
   * @param name of the threads
   * @param sources the files
   * @param parallelism how many are read at once; 0 to read in the calling thread
   */
  KeyBatches(String name, List<Source> sources, int parallelism) {
    this.sources = sources.iterator();
    int count = Math.min(parallelism, sources.size());
    items = new ArrayBlockingQueue<>(Math.max(1, count) * QUEUED_PER_THREAD);
    running = count;
    for (int i = 0; i < count; i++) {
      Thread thread = new Thread(this::read, name + "-" + i);
      thread.setDaemon(true);
      threads.add(thread);
    }
    threads.forEach(Thread::start);
  }

  private void read() {
    try {
      for (Source source = nextSource(); source != null; source = nextSource()) {
        try (FileKeys keys = source.open()) {
          for (FileKeys.Batch batch = keys.next(ROWS); batch != null; batch = keys.next(ROWS)) {
            put(new Item(batch, null, false));
          }
        }
        put(new Item(null, null, true));
      }
      put(new Item(null, null, false));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // closed
    } catch (Throwable e) {
      try {
        put(new Item(null, e, false));
      } catch (InterruptedException interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private synchronized Source nextSource() {
    return !closed && sources.hasNext() ? sources.next() : null;
  }

  private void put(Item item) throws InterruptedException {
    while (!items.offer(item, 100, TimeUnit.MILLISECONDS)) {
      if (closed) {
        throw new InterruptedException("closed");
      }
    }
  }

  /**
   * The next batch, its keys in ascending order; null when all files were read.
   *
   * @throws InterruptedException if this thread was interrupted
   * @throws RuntimeException what reading a file failed with
   */
  FileKeys.Batch next() throws InterruptedException {
    while (running > 0) {
      Item item = items.take();
      if (item.failure() instanceof RuntimeException failure) {
        throw failure;
      } else if (item.failure() instanceof Error failure) {
        throw failure;
      } else if (item.batch() != null) {
        return item.batch();
      } else if (item.fileEnded()) {
        files++;
      } else {
        running--;
      }
    }
    return threads.isEmpty() ? nextOwn() : null;
  }

  private FileKeys.Batch nextOwn() {
    for (; ; ) {
      if (own == null) {
        Source source = nextSource();
        if (source == null) {
          return null;
        }
        own = source.open();
      }
      FileKeys.Batch batch = own.next(ROWS);
      if (batch != null) {
        return batch;
      }
      closeOwn();
      files++;
    }
  }

  private void closeOwn() {
    FileKeys ended = own;
    own = null;
    if (ended != null) {
      ended.close();
    }
  }

  /** How many files were read to their end. */
  long filesRead() {
    return files;
  }

  @Override
  public void close() {
    closed = true;
    closeOwn();
    threads.forEach(Thread::interrupt);
    boolean interrupted = false;
    for (Thread thread : threads) {
      while (thread.isAlive()) {
        try {
          items.clear();
          thread.join(100);
        } catch (InterruptedException e) {
          interrupted = true;
        }
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
