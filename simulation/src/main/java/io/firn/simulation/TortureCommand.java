package io.firn.simulation;

import io.firn.lake.table.WriteMode;
import io.firn.simulation.RunResult.Outcome;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The long run: {@code --minutes N}, {@code --seeds N}, {@code --seed S} (the first one, or with
 * {@code --seeds 1} the only one), {@code --threads N}, {@code --print} (everything that happens in
 * one run), {@code --mode M} (all tables that can be are written in this write mode, such as {@code
 * history}), {@code --shrink} (the smallest run of that seed that still fails).
 */
public final class TortureCommand {
  private static final long PROGRESS_NANOS = TimeUnit.SECONDS.toNanos(10);

  private static final int SHRINKING_RUNS = 200;

  private long minutes = 1;
  private long seeds = Long.MAX_VALUE;
  private long first = System.currentTimeMillis() / 1000 * 100_000;
  private int threads = Runtime.getRuntime().availableProcessors();
  private boolean print;
  private boolean shrink;
  private boolean untilFailure;
  private String mode = Scenario.ANY;

  private TortureCommand() {}

  /** Exit code 1 if a promise was broken, 2 for wrong arguments. */
  public static void main(String[] arguments) throws InterruptedException {
    TortureCommand command = new TortureCommand();
    try {
      command.parse(arguments);
    } catch (IllegalArgumentException e) {
      System.err.println("firn-torture: " + e.getMessage());
      System.err.println(
          "usage: ./firn-torture [--minutes N] [--seeds N] [--seed S] [--threads N] [--mode M] [--until-failure | --print | --shrink]");
      System.exit(2);
    }
    System.exit(command.run());
  }

  private void parse(String[] arguments) {
    for (int i = 0; i < arguments.length; i++) {
      if (arguments[i].equals("--print")) {
        print = true;
        continue;
      }
      if (arguments[i].equals("--shrink")) {
        shrink = true;
        continue;
      }
      if (arguments[i].equals("--until-failure")) {
        untilFailure = true;
        continue;
      }
      if (i + 1 == arguments.length) {
        throw new IllegalArgumentException("'" + arguments[i] + "' is unknown or needs a number");
      }
      if (arguments[i].equals("--mode")) {
        mode = arguments[++i];
        if (WriteMode.of(mode).isEmpty() && !mode.equals(Scenario.USUAL)) {
          throw new IllegalArgumentException("'" + mode + "' is no write mode");
        }
        continue;
      }
      long number = Long.parseLong(arguments[i + 1]);
      switch (arguments[i++]) {
        case "--minutes" -> minutes = number;
        case "--seeds" -> {
          seeds = number;
          minutes = Long.MAX_VALUE / TimeUnit.MINUTES.toNanos(1) / 2;
        }
        case "--seed" -> first = number;
        case "--threads" -> threads = Math.toIntExact(number);
        default -> throw new IllegalArgumentException("'" + arguments[i - 1] + "' is unknown");
      }
    }
  }

  private int run() throws InterruptedException {
    if (print) {
      RunResult result = Simulation.run(Scenario.of(first).withMode(mode), true);
      report(result);
      return result.outcome() == Outcome.FAILED ? 1 : 0;
    }
    if (shrink) {
      RunResult result = Simulation.run(Scenario.of(first).withMode(mode));
      if (result.outcome() == Outcome.FAILED) {
        result = Shrinker.shrink(result, SHRINKING_RUNS);
        System.out.println(Replay.of(result).text());
      }
      report(result);
      return result.outcome() == Outcome.FAILED ? 1 : 0;
    }
    long start = System.nanoTime();
    long end = TimeUnit.MINUTES.toNanos(minutes);
    AtomicLong begun = new AtomicLong();
    AtomicLong lastProgress = new AtomicLong(start);
    Torture[] self = new Torture[1];
    Torture torture =
        new Torture(
            first,
            mode,
            () ->
                System.nanoTime() - start >= end
                    || (untilFailure && !self[0].failures().isEmpty())
                    || begun.getAndIncrement() >= seeds,
            result -> {
              if (result.outcome() == Outcome.FAILED) {
                report(result);
              }
              long now = System.nanoTime();
              long last = lastProgress.get();
              if (now - last > PROGRESS_NANOS && lastProgress.compareAndSet(last, now)) {
                System.out.println(
                    Duration.ofSeconds((now - start) / 1_000_000_000L) + ": " + self[0].summary());
              }
            });
    self[0] = torture;
    torture.run(threads);
    System.out.println(torture.summary());
    Torture.cpuTime()
        .ifPresent(
            cpu ->
                System.out.printf(
                    "%.2f CPU s per seed%n", cpu.toMillis() / 1000.0 / torture.runs()));
    torture.counts().asMap().forEach((fault, count) -> System.out.println(fault + " " + count));
    System.out.println("never reached: " + torture.counts().missing());
    return torture.failures().isEmpty() ? 0 : 1;
  }

  private static synchronized void report(RunResult result) {
    System.out.println("seed=" + result.scenario().seed() + " " + result.outcome());
    result
        .failure()
        .ifPresent(
            failure -> {
              result.traceTail().forEach(line -> System.out.println("    " + line));
              failure.printStackTrace(System.out);
            });
    System.out.printf("trace %016x%n", result.traceHash());
  }
}
