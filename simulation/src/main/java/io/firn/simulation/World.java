package io.firn.simulation;

import io.firn.lake.LakeSink;
import io.firn.lake.LakeSinkOptions;
import io.firn.lake.catalog.LakeCatalog;
import io.firn.lake.maintain.Background;
import io.firn.lake.maintain.MaintenanceSettings;
import io.firn.lake.write.WriterSettings;
import io.firn.model.error.FirnException;
import io.firn.runtime.ForwardingListener;
import io.firn.runtime.Pipeline;
import io.firn.runtime.PipelineListener;
import io.firn.runtime.PipelineOptions;
import io.firn.runtime.PipelineTakeover;
import io.firn.runtime.StopCondition;
import io.firn.runtime.channel.ChannelLimits;
import io.firn.runtime.checkpoint.CheckpointReport;
import io.firn.runtime.checkpoint.LocalCheckpointStorage;
import io.firn.runtime.fake.FakeClock;
import io.firn.runtime.fake.MemoryStateBackend;
import io.firn.runtime.fake.SimulatedCrash;
import io.firn.runtime.state.StateBackend;
import io.firn.runtime.state.rocksdb.RocksOptions;
import io.firn.runtime.state.rocksdb.RocksStateBackend;
import io.firn.simulation.actor.Admin;
import io.firn.simulation.actor.ForeignWriter;
import io.firn.simulation.actor.LakeAccess;
import io.firn.simulation.check.Checks;
import io.firn.simulation.disk.CheckpointDirectory;
import io.firn.simulation.disk.FaultyDisk;
import io.firn.simulation.disk.WatchedStorage;
import io.firn.simulation.fault.Fault;
import io.firn.simulation.fault.FaultCounts;
import io.firn.simulation.fault.Faults;
import io.firn.simulation.fault.Trace;
import io.firn.simulation.lake.CatalogServer;
import io.firn.simulation.lake.ObjectStore;
import io.firn.simulation.lake.RestLikeCatalog;
import io.firn.simulation.lake.SimulatedCatalog;
import io.firn.simulation.lake.SimulatedFileIO;
import io.firn.simulation.source.SimulatedSource;
import io.firn.simulation.source.SourceServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.TimeUnit;

/** Everything that outlives a process: source, lake, disk, clock, the other people, the checks. */
final class World implements AutoCloseable {
  private static final String PIPELINE = "simulated";

  private final Scenario scenario;
  private final Setting setting;
  private final FakeClock clock = new FakeClock();
  private final Trace trace;
  private final FaultCounts counts = new FaultCounts();
  private final ObjectStore store = new ObjectStore(this::millis);
  private final CatalogServer server = new CatalogServer(store);
  private final SourceServer source;
  private final CheckpointDirectory directory;
  private final Checks checks;
  private final Admin admin;
  private final ForeignWriter foreigner;
  private final List<Instance> instances = new ArrayList<>();
  private boolean excused;
  private boolean peaceful;
  private int lastParallelism;
  private int maintenances;
  private final Random maintaining;

  World(Scenario scenario, boolean print) {
    this.scenario = scenario;
    this.setting = Setting.of(scenario, this::millis);
    this.maintaining = scenario.random("maintenance");
    this.trace = new Trace(print);
    trace.add(setting.toString());
    this.source =
        new SourceServer(
            setting
                .generator(scenario.random("history"))
                .generate(setting.tables(), setting.initialRows(), scenario.transactions()));
    this.directory = new CheckpointDirectory(counts);
    Random sampling = scenario.random("sampling");
    this.checks =
        new Checks(
            server,
            store,
            source,
            setting.modes(),
            counts,
            connection("checker", quiet(new Trace(false))),
            new SimulatedFileIO("checker", store, quiet(new Trace(false))),
            this::epochOf,
            () -> sampling.nextInt(4) == 0,
            this::rolledBack);
    this.admin = new Admin(access("admin"));
    this.foreigner = new ForeignWriter(access("foreign"), checks.oracle());
  }

  /** The time of day. */
  private long millis() {
    return TimeUnit.NANOSECONDS.toMillis(clock.nanos());
  }

  private Faults quiet(Trace to) {
    return new Faults("quiet", new Random(0), to, new FaultCounts(), EnumSet.allOf(Fault.class), 0);
  }

  private SimulatedCatalog connection(String who, Faults faults) {
    return new SimulatedCatalog(who, server, new SimulatedFileIO(who, store, faults), faults);
  }

  private LakeAccess access(String who) {
    return new LakeAccess(
        server, connection(who, quiet(new Trace(false))), trace, counts, scenario.without());
  }

  private boolean rolledBack() {
    return admin.isRolledBack();
  }

  FakeClock clock() {
    return clock;
  }

  Trace trace() {
    return trace;
  }

  SourceServer source() {
    return source;
  }

  int instances() {
    return instances.size();
  }

  private long epochOf(String process) {
    return instances.stream()
        .filter(instance -> instance.name().equals(process))
        .mapToLong(Instance::epoch)
        .findFirst()
        .orElseGet(this::highestEpoch); // of maintenance, beside which nobody starts
  }

  /** The highest epoch that any process claimed. */
  long highestEpoch() {
    return checks.highestEpoch();
  }

  /** From now on nothing goes wrong any more, and everything happens at the source. */
  void disarm() {
    peaceful = true;
    instances.forEach(instance -> instance.faults().disarm());
    source.finish();
    if (admin.isRolledBack()) {
      admin.rollForward();
    }
  }

  Instance newInstance(boolean last) {
    int number = instances.size() + 1;
    String name = "p" + number;
    Random random = scenario.random("process " + number);
    Faults faults =
        new Faults(
            name,
            scenario.random("faults " + number),
            trace,
            counts,
            scenario.without(),
            setting.faultRate());
    if (last) {
      faults.disarm();
    } else if (random.nextInt(3) != 0) {
      // Most operations are at the source; the interesting ones are when something becomes durable.
      switch (random.nextInt(4)) {
        case 0 -> faults.crashAt("", 1 + random.nextInt(700), random.nextBoolean());
        case 1 -> faults.crashAt("disk ", 1 + random.nextInt(150), random.nextBoolean());
        case 2 -> faults.crashAt("disk rename", 1 + random.nextInt(30), random.nextBoolean());
        default -> {
          String commit = setting.rest() ? "catalog POST" : "catalog commit";
          faults.crashAt(commit, 1 + random.nextInt(15), random.nextBoolean());
        }
      }
    }
    int parallelism = 1 + random.nextInt(4);
    if (lastParallelism != 0 && lastParallelism != parallelism) {
      faults.reached(Fault.RESCALE);
    }
    lastParallelism = parallelism;
    Path state = directory.stateDirectory(name);
    PipelineOptions options =
        PipelineOptions.of(PIPELINE, state)
            .withParallelism(parallelism)
            .withCheckpointInterval(Duration.ofMillis(2 + random.nextInt(40)))
            .withBatches(
                1 + random.nextInt(10),
                new ChannelLimits(1 + random.nextInt(4), 1 + random.nextInt(30)));
    SimulatedFileIO io = new SimulatedFileIO(name, store, faults);
    Instance[] self = new Instance[1];
    BackgroundWork background = new BackgroundWork(scenario.random("background " + number));
    Pipeline pipeline =
        new Pipeline(
            options,
            new SimulatedSource(source, faults, random, () -> self[0].epoch()),
            setting.transform(),
            new LakeSink(
                setting.lakeOptions(),
                Setting.writerSettings(random),
                () -> catalog(name, io, faults),
                attempt -> faults.operation("pause"),
                background.background(clock::nanos)),
            checkpoints(faults),
            new CheckpointListener(self));
    StateBackend backend =
        setting.rocksDb()
            ? new RocksStateBackend(state, RocksOptions.DEFAULT)
            : new MemoryStateBackend();
    self[0] =
        new Instance(
            name,
            pipeline,
            backend,
            clock,
            faults,
            StopCondition.untilPosition(source.end()),
            background);
    instances.add(self[0]);
    return self[0];
  }

  private WatchedStorage checkpoints(Faults faults) {
    return new WatchedStorage(
        new LocalCheckpointStorage(
            directory.checkpoints(),
            new FaultyDisk(directory.disk(), directory.checkpoints(), faults, checks::named)),
        faults,
        directory);
  }

  /** Perhaps somebody maintains the tables while no process runs; may fail or crash as well. */
  void maintainOffline() {
    if (!setting.isMaintained()
        || maintaining.nextInt(3) != 0
        || peaceful
        || admin.isRolledBack()
        || scenario.without().contains(Fault.OFFLINE_MAINTENANCE)) {
      return;
    }
    String name = "p-maintenance-" + ++maintenances;
    Faults faults =
        new Faults(
            name,
            scenario.random("faults " + name),
            trace,
            counts,
            scenario.without(),
            setting.faultRate());
    if (maintaining.nextBoolean()) {
      faults.crashAt("", 1 + maintaining.nextInt(200), maintaining.nextBoolean());
    }
    faults.reached(Fault.OFFLINE_MAINTENANCE);
    try {
      maintain(name, faults, setting.lakeOptions());
    } catch (FirnException e) {
      faults.reachedEnd(e);
    } catch (SimulatedCrash e) {
      trace.add(name + " crashed");
    }
  }

  private void maintain(String name, Faults faults, LakeSinkOptions options) {
    SimulatedFileIO io = new SimulatedFileIO(name, store, faults);
    try (LakeSink sink =
            new LakeSink(
                options,
                WriterSettings.DEFAULT,
                () -> catalog(name, io, faults),
                attempt -> faults.operation("pause"),
                Background.inline(clock::nanos));
        WatchedStorage checkpoints = checkpoints(faults)) {
      PipelineTakeover.run(PIPELINE, sink, checkpoints);
      sink.maintain();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** At the end: afterwards nothing must be left that nobody needs. */
  private void tidyUp() {
    // What was begun at this very moment is not old enough.
    clock.advance(TimeUnit.MILLISECONDS.toNanos(1));
    MaintenanceSettings everything =
        new MaintenanceSettings(true, 1, true, Duration.ZERO, Duration.ZERO, this::millis);
    maintain("p-end", quiet(new Trace(false)), setting.lakeOptions().withMaintenance(everything));
    failFast();
    checks.maintained();
  }

  private LakeCatalog catalog(String name, SimulatedFileIO io, Faults faults) {
    if (!setting.rest()) {
      return LakeCatalog.of(new SimulatedCatalog(name, server, io, faults));
    }
    SimulatedCatalog behind = connection(name, quiet(new Trace(false)));
    return LakeCatalog.of(RestLikeCatalog.connect(behind, io, faults));
  }

  /** Fails if a promise was broken, even if somebody caught what said so. */
  void failFast() {
    checks.failIfViolated();
  }

  Throwable violation() {
    return checks.violation();
  }

  /** Other people do something, or not. */
  void actorsAct(Random random) {
    if (peaceful) {
      return;
    }
    if (random.nextInt(3) == 0) {
      admin.act(random);
    } else if (setting.foreigners() && !admin.isRolledBack()) {
      // What is written to a table that is rolled back would be lost when it is brought back.
      foreigner.act(random);
    }
    excused |= admin.isRolledBack() || foreigner.hasWritten();
  }

  /** Whether something was done to the tables or checkpoints that may make the pipeline stop. */
  boolean isExcused() {
    return excused;
  }

  /** Does what messages say; false if nothing helps. */
  boolean remedy(Random random) {
    if (admin.isRolledBack()) {
      admin.rollForward();
      return true;
    }
    if (foreigner.hasWritten()) {
      return false;
    }
    directory.moveAway();
    return true;
  }

  boolean machineCrashes(Random random) {
    boolean crashes =
        !peaceful && !scenario.without().contains(Fault.MACHINE_CRASH) && random.nextInt(3) == 0;
    if (crashes) {
      trace.add("MACHINE_CRASH");
      counts.add(Fault.MACHINE_CRASH);
    }
    return crashes;
  }

  void crashDisk(Random random) {
    directory.crash(random);
  }

  void damageSomething(Random random) {
    if (peaceful) {
      return;
    }
    source.epochsMayRepeat();
    if (directory.damageSomething(random, scenario.without(), trace)) {
      excused = true;
    }
  }

  void checkEnd(boolean stopped) {
    failFast();
    if (admin.isRolledBack()) {
      admin.rollForward();
    }
    if (setting.isMaintained() && !stopped) {
      tidyUp();
    }
    checks.atEnd(stopped);
  }

  RunResult result(RunResult.Outcome outcome, Optional<Throwable> failure) {
    return new RunResult(
        scenario,
        outcome,
        failure,
        trace.hash(),
        trace.tail(),
        counts,
        checks.commits(),
        checks.checkpoints());
  }

  @Override
  public void close() {
    instances.forEach(Instance::close);
    directory.close();
  }

  private final class CheckpointListener extends ForwardingListener {
    private final Instance[] self;

    CheckpointListener(Instance[] self) {
      super(PipelineListener.NONE);
      this.self = self;
    }

    @Override
    public void onCheckpointCompleted(CheckpointReport report) {
      trace.add(self[0].name() + " completed checkpoint " + report.checkpointId());
      checks.checkpointCompleted(report);
    }
  }
}
