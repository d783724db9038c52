package io.firn.simulation;

import io.firn.model.error.FencedException;
import io.firn.model.error.InconsistentStateException;
import io.firn.model.error.UnsupportedChangeException;
import io.firn.runtime.PipelineStarter;
import io.firn.runtime.schedule.SeededScheduler;
import io.firn.simulation.RunResult.Outcome;
import io.firn.simulation.check.Violation;
import io.firn.simulation.fault.Fault;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;

/**
 * One run: the pipeline is started, disturbed and started again, until it is left in peace and has
 * to reach the end of the source.
 *
 * <p>Known gaps: listings of the object store and of the catalog are always up to date; the
 * checkpoint storage is a local disk, not an object store; clocks of two machines are one clock.
 */
public final class Simulation {
  private static final int MAX_STEPS = 60_000;
  private static final int MAX_INSTANCES = 40;
  private static final long TICK_NANOS = 500_000;

  private final Scenario scenario;
  private final Random random;
  private final World world;
  private final SeededScheduler scheduler;
  private final List<Instance> others = new ArrayList<>();
  private boolean stoppedWithExplanation;
  private int remedies;

  private Simulation(Scenario scenario, boolean print) {
    this.scenario = scenario;
    this.random = scenario.random("schedule");
    this.world = new World(scenario, print);
    this.scheduler = new SeededScheduler(random, world.clock(), TICK_NANOS);
  }

  /** Runs a scenario. */
  public static RunResult run(Scenario scenario) {
    return run(scenario, false);
  }

  /**
   * Runs a scenario.
   *
   * @param print whether to print everything that happens
   */
  public static RunResult run(Scenario scenario, boolean print) {
    Simulation simulation = new Simulation(scenario, print);
    try (simulation.world) {
      Throwable failure = null;
      try {
        simulation.run();
      } catch (RuntimeException | Error e) {
        failure = e;
      }
      if (simulation.world.violation() != null) {
        failure = simulation.world.violation();
      }
      Outcome outcome =
          failure != null
              ? Outcome.FAILED
              : simulation.stoppedWithExplanation
                  ? Outcome.STOPPED_WITH_EXPLANATION
                  : Outcome.COMPLETE;
      return simulation.world.result(outcome, Optional.ofNullable(failure));
    }
  }

  private void run() {
    for (int failures = 0; !stoppedWithExplanation; failures++) {
      boolean last = failures >= scenario.lives();
      if (last) {
        world.disarm();
      }
      Instance main = takeOver(last);
      live(main, last);
      if (main.finished()) {
        break;
      }
      if (main.over() && alive().isEmpty()) {
        world.damageSomething(random);
        world.maintainOffline();
      }
    }
    drain();
    world.checkEnd(stoppedWithExplanation);
  }

  private List<Instance> alive() {
    others.removeIf(Instance::over);
    return others;
  }

  /** Another instance becomes the one that matters, or a new one is started. */
  private Instance takeOver(boolean last) {
    List<Instance> alive = alive();
    if (last && !alive.isEmpty() && random.nextBoolean()) {
      return others.remove(others.size() - 1);
    }
    if (world.instances() > MAX_INSTANCES) {
      throw new Violation("GetsToTheEnd", "still failing after " + MAX_INSTANCES + " instances");
    }
    return world.newInstance(last);
  }

  /** Runs an instance until it ends or, unless it is the last one, something else comes up. */
  private void live(Instance main, boolean last) {
    main.faults().meanwhile(() -> stepOthers(random.nextInt(4)));
    int patience = last ? MAX_STEPS : 200 + random.nextInt(1500);
    for (int step = 0; !main.over(); step++) {
      if (step >= patience) {
        if (last) {
          throw new Violation("GetsToTheEnd", "no end after " + MAX_STEPS + " steps");
        }
        setAside(main);
        return;
      }
      main.step(scheduler);
      world.failFast();
      if (random.nextInt(20) == 0) {
        world.source().goOn(random);
      }
      if (random.nextInt(4) == 0) {
        stepOthers(1);
      }
      if (random.nextInt(40) == 0) {
        world.actorsAct(random);
      }
    }
    main.faults().meanwhile(() -> {});
    judge(main);
  }

  /** The instance is paused, or goes on beside the next one; or somebody kills it. */
  private void setAside(Instance main) {
    main.faults().meanwhile(() -> {});
    int kind = random.nextInt(3);
    if (kind == 0) {
      main.abandon();
      return;
    }
    Fault fault = kind == 1 ? Fault.ZOMBIE : Fault.SECOND_INSTANCE;
    if (scenario.without().contains(fault)) {
      main.abandon();
      return;
    }
    main.faults().reached(fault);
    others.add(main);
  }

  private void stepOthers(int steps) {
    for (int i = 0; i < steps && !others.isEmpty(); i++) {
      Instance other = others.get(random.nextInt(others.size()));
      other.step(scheduler);
      if (other.over()) {
        others.remove(other);
        judge(other);
      }
    }
  }

  /** Whether an instance had a reason to end as it did. */
  private void judge(Instance instance) {
    Throwable end = instance.end();
    if (end == null) {
      if (!instance.finished() && world.machineCrashes(random)) {
        others.forEach(Instance::abandon);
        others.clear();
        world.crashDisk(random);
      }
      return;
    }
    if (end instanceof FencedException) {
      if (world.highestEpoch() <= instance.epoch()) {
        throw new Violation("OnlyLosersAreFenced", instance.name() + ": " + end.getMessage());
      }
      instance.faults().reached(Fault.FENCED);
    } else if (PipelineStarter.mayPass(end)) {
      if (!instance.faults().armed()) {
        throw new Violation("GetsToTheEnd", "gives up: " + end);
      }
    } else if (end instanceof InconsistentStateException && world.isExcused()) {
      remedy(instance, end);
    } else if (end instanceof UnsupportedChangeException && world.source().snapshotRepeated()) {
      // A column was replaced by another of its name between two readings of the snapshot.
      world.trace().add(instance.name() + " stopped with an explanation: " + end.getMessage());
      stoppedWithExplanation = true;
    } else {
      Violation violation =
          new Violation("StopsOnlyWithReason", instance.name() + " ends with " + end);
      violation.initCause(end);
      throw violation;
    }
  }

  /** Does what the message says. */
  private void remedy(Instance instance, Throwable end) {
    if (++remedies > 3 || !world.remedy(random)) {
      stoppedWithExplanation = true;
    }
    world.trace().add(instance.name() + " stopped with an explanation: " + end.getMessage());
    if (!stoppedWithExplanation) {
      others.forEach(Instance::abandon);
      others.clear();
    }
  }

  /** Whoever is left must find out that it lost. */
  private void drain() {
    for (int step = 0; !others.isEmpty() && !stoppedWithExplanation; step++) {
      if (step > MAX_STEPS) {
        throw new Violation("LosersFindOut", others.size() + " old instances still run");
      }
      stepOthers(1);
      world.failFast();
    }
  }
}
