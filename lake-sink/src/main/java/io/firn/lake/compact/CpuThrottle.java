package io.firn.lake.compact;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.concurrent.TimeUnit;

/**
 * Keeps a thread's use of the processor below a share of the elapsed time, by sleeping.
 *
 * <p><b>Threading</b>: the thread that created it.
 */
public final class CpuThrottle {
  /** Longer sleeps would make pauses that one can see. */
  private static final long MAX_SLEEP_NANOS = TimeUnit.MILLISECONDS.toNanos(200);

  /** What was saved up while waiting for storage is not spent in one burst. */
  private static final long MAX_CREDIT_NANOS = TimeUnit.MILLISECONDS.toNanos(200);

  private final ThreadMXBean threads = ManagementFactory.getThreadMXBean();
  private final double share;
  private final boolean unlimited;
  private long cpuNanos;
  private long wallNanos;

  /**
   * @param share processor time per elapsed time; 1 or more for no limit
   */
  CpuThrottle(double share) {
    this.share = share;
    this.unlimited = share >= 1 || !threads.isCurrentThreadCpuTimeSupported();
    this.cpuNanos = unlimited ? 0 : threads.getCurrentThreadCpuTime();
    this.wallNanos = System.nanoTime();
  }

  /** Sleeps if the thread is ahead of its share. To be called every few milliseconds of work. */
  void pause() throws InterruptedException {
    if (Thread.interrupted()) {
      throw new InterruptedException();
    }
    if (unlimited) {
      return;
    }
    long used = threads.getCurrentThreadCpuTime() - cpuNanos;
    long now = System.nanoTime();
    long due = wallNanos + (long) (used / share);
    if (due > now) {
      TimeUnit.NANOSECONDS.sleep(Math.min(due - now, MAX_SLEEP_NANOS));
    } else if (now - due > MAX_CREDIT_NANOS) {
      cpuNanos += used;
      wallNanos = now - MAX_CREDIT_NANOS;
    }
  }
}
