package io.firn.it.soak;

import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicReference;

/**
 * A thread that disturbs a pipeline again and again, at random times, and sees to it that each time
 * it comes back.
 *
 * @param <F> what happens
 */
abstract class Disturber<F extends Enum<F>> implements AutoCloseable {
  static final long BACK_SECONDS = 240;

  final Subject subject;
  final SplittableRandom random;
  final Network network;
  private final FaultCounts counts;
  private final long pauseSeconds;
  private final Bag<F> bag;
  private final AtomicReference<Throwable> failure = new AtomicReference<>();
  private final Thread thread;
  private volatile boolean ended;

  /**
   * @param faults what may happen
   * @param pauseSeconds how long to leave it alone before the next fault, on average
   */
  Disturber(
      Subject subject,
      SplittableRandom random,
      Network network,
      FaultCounts counts,
      F[] faults,
      long pauseSeconds) {
    this.subject = subject;
    this.random = random;
    this.network = network;
    this.counts = counts;
    this.pauseSeconds = pauseSeconds;
    this.bag = new Bag<>(List.of(faults), random);
    this.thread = new Thread(this::run, "disturb-" + subject.name());
    thread.setDaemon(true);
  }

  void start() {
    thread.start();
  }

  /** Makes a fault; the pipeline need not be back when it returns. */
  abstract void disturb(F fault) throws Exception;

  private void run() {
    try {
      while (true) {
        Thread.sleep(random.nextLong(pauseSeconds * 500, pauseSeconds * 1_500));
        subject.lock().lock();
        try {
          if (ended) {
            return;
          }
          subject.requireAlive();
          F fault = bag.draw();
          disturb(fault);
          // Two: the first one may have been under way.
          counts.survived(FaultCounts.name(fault), subject.awaitCheckpoints(2, BACK_SECONDS));
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
