package io.firn.simulation;

import io.firn.simulation.RunResult.Outcome;
import io.firn.simulation.fault.FaultCounts;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/** Runs many seeds on all cores, and adds up what came of them. */
public final class Torture {
  private final AtomicLong nextSeed;
  private final BooleanSupplier enough;
  private final Consumer<RunResult> each;
  private final String mode;
  private final FaultCounts counts = new FaultCounts();
  private final ConcurrentLinkedQueue<RunResult> failures = new ConcurrentLinkedQueue<>();
  private final AtomicLong runs = new AtomicLong();
  private final AtomicLong stopped = new AtomicLong();
  private final AtomicLong commits = new AtomicLong();
  private final AtomicLong checkpoints = new AtomicLong();

  /**
   * @param firstSeed the first seed; the others follow
   * @param enough whether no more seeds shall be begun
   * @param each told about every run, from several threads
   */
  public Torture(long firstSeed, BooleanSupplier enough, Consumer<RunResult> each) {
    this(firstSeed, Scenario.ANY, enough, each);
  }

  /**
   * @param firstSeed the first seed; the others follow
   * @param mode how tables are written, see {@link Scenario#mode}
   * @param enough whether no more seeds shall be begun
   * @param each told about every run, from several threads
   */
  public Torture(long firstSeed, String mode, BooleanSupplier enough, Consumer<RunResult> each) {
    this.mode = mode;
    this.nextSeed = new AtomicLong(firstSeed);
    this.enough = enough;
    this.each = each;
  }

  /** Runs seeds until there are enough. */
  public void run(int threads) throws InterruptedException {
    List<Thread> workers =
        java.util.stream.IntStream.range(0, threads)
            .mapToObj(i -> new Thread(this::work, "torture-" + i))
            .toList();
    workers.forEach(Thread::start);
    for (Thread worker : workers) {
      worker.join();
    }
  }

  private void work() {
    while (!enough.getAsBoolean()) {
      RunResult result = Simulation.run(Scenario.of(nextSeed.getAndIncrement()).withMode(mode));
      counts.add(result.counts());
      runs.incrementAndGet();
      commits.addAndGet(result.commits());
      checkpoints.addAndGet(result.checkpoints());
      if (result.outcome() == Outcome.STOPPED_WITH_EXPLANATION) {
        stopped.incrementAndGet();
      }
      if (result.outcome() == Outcome.FAILED) {
        failures.add(result);
      }
      each.accept(result);
    }
  }

  /** What was reached. */
  public FaultCounts counts() {
    return counts;
  }

  /** Runs that broke a promise. */
  public List<RunResult> failures() {
    return List.copyOf(failures);
  }

  /** How many runs there were. */
  public long runs() {
    return runs.get();
  }

  /** Figures so far, one line. */
  public String summary() {
    return String.format(
        "%d seeds (%d stopped with an explanation), %d checkpoints, %d commits, %d failures",
        runs.get(), stopped.get(), checkpoints.get(), commits.get(), failures.size());
  }

  /** CPU time of this process. */
  public static Optional<Duration> cpuTime() {
    return ManagementFactory.getOperatingSystemMXBean()
            instanceof com.sun.management.OperatingSystemMXBean system
        ? Optional.of(Duration.ofNanos(system.getProcessCpuTime()))
        : Optional.empty();
  }
}
