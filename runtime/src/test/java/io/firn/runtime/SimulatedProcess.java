package io.firn.runtime;

import io.firn.model.checkpoint.CheckpointStorage;
import io.firn.model.transform.Transform;
import io.firn.runtime.checkpoint.CheckpointCoordinator;
import io.firn.runtime.checkpoint.CheckpointStore;
import io.firn.runtime.fake.FakeClock;
import io.firn.runtime.fake.FakeDatabase;
import io.firn.runtime.fake.FakeLake;
import io.firn.runtime.fake.FakeSink;
import io.firn.runtime.fake.FakeSource;
import io.firn.runtime.fake.Faults;
import io.firn.runtime.fake.MemoryStateBackend;
import io.firn.runtime.schedule.Task;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Random;

/** One process that runs a pipeline from fake source to fake lake, single-threaded. */
final class SimulatedProcess {
  private final Pipeline pipeline;
  private final PipelineStarter starter;
  private final StopCondition stop;
  private PipelineLife life;

  SimulatedProcess(
      FakeDatabase database,
      FakeLake lake,
      CheckpointStorage storage,
      Faults faults,
      FakeClock clock,
      Transform.Factory transform,
      Random random) {
    PipelineOptions options =
        PipelineOptions.of("sim", Path.of("unused"))
            .withParallelism(1 + random.nextInt(4))
            .withCheckpointInterval(Duration.ofMillis(1 + random.nextInt(30)))
            .withBatches(
                1 + random.nextInt(10),
                new io.firn.runtime.channel.ChannelLimits(
                    1 + random.nextInt(4), 1 + random.nextInt(30)));
    FakeSource source = new FakeSource(database, new Random(random.nextLong()));
    pipeline =
        new Pipeline(
            options, source, transform, new FakeSink(lake, faults), storage, PipelineListener.NONE);
    starter =
        new PipelineStarter(
            pipeline, new MemoryStateBackend(), new CheckpointStore("sim", storage), clock);
    stop = StopCondition.untilPosition(database.end());
  }

  void start() {
    life = starter.start(stop, PipelineListener.NONE);
  }

  List<Task> tasks() {
    return life.tasks();
  }

  boolean finished() {
    return life.coordinator().state() == CheckpointCoordinator.State.FINISHED;
  }
}
