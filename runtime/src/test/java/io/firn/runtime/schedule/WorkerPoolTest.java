package io.firn.runtime.schedule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class WorkerPoolTest {
  private static final long LONG_NANOS = TimeUnit.SECONDS.toNanos(20);

  private static final class Scripted implements Task {
    private final Supplier<Progress> script;
    volatile Signal signal = Signal.NONE;

    Scripted(Supplier<Progress> script) {
      this.script = script;
    }

    @Override
    public String name() {
      return "scripted";
    }

    @Override
    public void attach(Signal toWake) {
      signal = toWake;
    }

    @Override
    public Progress step() {
      return script.get();
    }

    @Override
    public void close() {}
  }

  private static WorkerPool pool(Task last, Task... others) {
    List<WorkerPool.Group> groups = new java.util.ArrayList<>();
    groups.add(new WorkerPool.Group("last", List.of(last), LONG_NANOS));
    for (Task other : others) {
      groups.add(new WorkerPool.Group("other", List.of(other), LONG_NANOS));
    }
    return new WorkerPool(groups, last, NanoClock.SYSTEM);
  }

  @Test
  void endsWhenTheLastTaskIsDone() throws Throwable {
    AtomicInteger steps = new AtomicInteger();
    Task last =
        new Scripted(() -> steps.incrementAndGet() < 5 ? Progress.PROGRESSED : Progress.DONE);
    WorkerPool pool = pool(last, new Scripted(() -> Progress.IDLE));
    pool.start();

    assertThat(pool.await(() -> false)).isTrue();
    pool.stop();
    assertThat(pool.join(10_000)).isTrue();
    assertThat(steps).hasValue(5);
  }

  @Test
  void failureOfATaskIsThrown() throws Exception {
    Task failing =
        new Scripted(
            () -> {
              throw new OutOfMemoryError("simulated");
            });
    WorkerPool pool = pool(new Scripted(() -> Progress.IDLE), failing);
    pool.start();

    assertThatThrownBy(() -> pool.await(() -> false)).isInstanceOf(OutOfMemoryError.class);
    pool.stop();
    assertThat(pool.join(10_000)).isTrue();
  }

  @Test
  void idleTaskSleepsUntilItIsWoken() throws Throwable {
    AtomicInteger steps = new AtomicInteger();
    AtomicInteger work = new AtomicInteger();
    Scripted sleeper =
        new Scripted(
            () -> {
              steps.incrementAndGet();
              if (work.get() == 0) {
                return Progress.IDLE;
              }
              return work.decrementAndGet() == 0 ? Progress.DONE : Progress.PROGRESSED;
            });
    WorkerPool pool = pool(sleeper);
    pool.start();
    Thread.sleep(200);
    assertThat(steps).as("no spinning").hasValueLessThan(10);

    long start = System.nanoTime();
    work.set(3);
    sleeper.signal.wake();
    assertThat(pool.await(() -> false)).isTrue();
    assertThat(System.nanoTime() - start).isLessThan(LONG_NANOS / 2);
    pool.stop();
    pool.join(10_000);
  }

  @Test
  void timeIsBookedUnderWhatStepsCameTo() throws Throwable {
    AtomicInteger steps = new AtomicInteger();
    Task last =
        new Scripted(
            () -> {
              int step = steps.incrementAndGet();
              try {
                Thread.sleep(20);
              } catch (InterruptedException e) {
                throw new AssertionError(e);
              }
              return step <= 3 ? Progress.PROGRESSED : Progress.DONE;
            });
    WorkerPool pool = pool(last);
    pool.start();
    pool.await(() -> false);
    pool.stop();
    pool.join(10_000);

    TaskTimes times = pool.times().get(0);
    assertThat(times.busyNanos()).isGreaterThan(TimeUnit.MILLISECONDS.toNanos(55));
    assertThat(times.backPressuredNanos()).isZero();
  }

  @Test
  void aSecondFailureIsKeptBesideTheFirst() throws Exception {
    CountDownLatch secondIsInside = new CountDownLatch(1);
    CountDownLatch stopped = new CountDownLatch(1);
    Task first =
        new Scripted(
            () -> {
              await(secondIsInside);
              throw new IllegalStateException("first");
            });
    Task second =
        new Scripted(
            () -> {
              secondIsInside.countDown();
              await(stopped);
              throw new IllegalStateException("second");
            });
    WorkerPool pool = pool(new Scripted(() -> Progress.IDLE), first, second);
    pool.start();
    assertThatThrownBy(() -> pool.await(() -> false)).hasMessage("first");
    pool.stop();
    stopped.countDown();
    assertThat(pool.join(10_000)).isTrue();

    assertThat(pool.failure()).hasMessage("first");
    assertThat(pool.failure().getSuppressed()).extracting(Throwable::getMessage).contains("second");
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void aTaskThatIsInterruptedByAStopHasNotFailed() throws Throwable {
    CountDownLatch inside = new CountDownLatch(1);
    Task waiting =
        new Scripted(
            () -> {
              inside.countDown();
              try {
                Thread.sleep(60_000);
              } catch (InterruptedException e) {
                throw new IllegalStateException("interrupted", e);
              }
              return Progress.IDLE;
            });
    WorkerPool pool = pool(new Scripted(() -> Progress.IDLE), waiting);
    pool.start();
    inside.await();
    assertThat(pool.await(() -> true)).isFalse();
    pool.stop();
    Thread.currentThread().interrupt();
    assertThat(pool.join(200)).as("in spite of the caller's interruption").isTrue();
    assertThat(Thread.interrupted()).isTrue();
    assertThat(pool.failure()).isNull();
  }
}
