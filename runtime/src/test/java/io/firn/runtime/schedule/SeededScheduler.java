package io.firn.runtime.schedule;

import io.firn.runtime.fake.FakeClock;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.BooleanSupplier;

/**
 * Steps tasks one at a time in an order drawn from a seed, on the caller's thread, with a clock
 * that moves a little at every step.
 */
public final class SeededScheduler {
  private final Random random;
  private final FakeClock clock;
  private final long maxTickNanos;

  public SeededScheduler(Random random, FakeClock clock, long maxTickNanos) {
    this.random = random;
    this.clock = clock;
    this.maxTickNanos = maxTickNanos;
  }

  /** One step of a task drawn at random; some tasks are favoured for a while. */
  public void step(List<Task> tasks) {
    clock.advance((long) (random.nextDouble() * maxTickNanos));
    Task task = tasks.get(random.nextInt(tasks.size()));
    int times = random.nextInt(4) == 0 ? 1 + random.nextInt(20) : 1;
    for (int i = 0; i < times; i++) {
      if (task.step() != Progress.PROGRESSED) {
        return;
      }
    }
  }

  /**
   * Steps until something holds.
   *
   * @throws AssertionError if it does not within so many steps: the tasks hang
   */
  public void runUntil(List<Task> tasks, BooleanSupplier done, int maxSteps) {
    List<Task> all = new ArrayList<>(tasks);
    for (int i = 0; i < maxSteps; i++) {
      if (done.getAsBoolean()) {
        return;
      }
      step(all);
    }
    throw new AssertionError("No end within " + maxSteps + " steps");
  }
}
