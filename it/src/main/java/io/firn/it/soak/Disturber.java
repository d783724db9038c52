package io.firn.it.soak;

import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicReference;

/**
 * A thread that disturbs a pipeline again and again, at random times, and sees to it that each time
 * it comes back.
 */
abstract class Disturber implements AutoCloseable {
  static final long BACK_SECONDS = 240;

  final Subject subject;
  final SplittableRandom random;
  private final AtomicReference<Throwable> failure = new AtomicReference<>();
  private final Thread thread;
  private volatile boolean ended;

  Disturber(Subject subject, SplittableRandom random) {
    this.subject = subject;
    this.random = random;
    this.thread = new Thread(this::run, "disturb-" + subject.name());
    thread.setDaemon(true);
  }

  void start() {
    thread.start();
  }

  /** How long to leave it alone before the next fault. */
  abstract long pauseMillis();

  /** Makes one fault and waits until the pipeline is back. */
  abstract void disturb() throws Exception;

  private void run() {
    try {
      while (true) {
        Thread.sleep(pauseMillis());
        subject.lock().lock();
        try {
          if (ended) {
            return;
          }
          subject.requireAlive();
          disturb();
        } finally {
          subject.lock().unlock();
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (Exception | Error e) { // handed to the thread that asks
      failure.set(e);
    }
  }

  /** Throws what ended it, if something did. */
  void check() {
    Throwable e = failure.get();
    if (e instanceof Violation violation) {
      throw violation;
    }
    if (e != null) {
      throw new IllegalStateException("Cannot disturb " + subject.name() + ": " + e, e);
    }
  }

  /** No fault begins after this; the one that is under way ends first. */
  @Override
  public void close() throws InterruptedException {
    ended = true;
    subject.lock().lock();
    try {
      thread.interrupt();
    } finally {
      subject.lock().unlock();
    }
    thread.join();
  }
}
