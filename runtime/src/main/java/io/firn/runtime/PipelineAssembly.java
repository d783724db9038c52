package io.firn.runtime;

import io.firn.model.sink.SinkWriter;
import io.firn.model.sink.WriterContext;
import io.firn.model.source.SourceReader;
import io.firn.model.state.KeyGroups;
import io.firn.model.transform.Transform;
import io.firn.runtime.channel.Channel;
import io.firn.runtime.checkpoint.CheckpointContext;
import io.firn.runtime.checkpoint.CheckpointCoordinator;
import io.firn.runtime.checkpoint.CheckpointStore;
import io.firn.runtime.checkpoint.CheckpointTrigger;
import io.firn.runtime.schedule.NanoClock;
import io.firn.runtime.schedule.Task;
import io.firn.runtime.state.KeyedStateStore;
import io.firn.runtime.task.Distribution;
import io.firn.runtime.task.KeyedDistribution;
import io.firn.runtime.task.OrderedInputs;
import io.firn.runtime.task.Outputs;
import io.firn.runtime.task.RoundRobinDistribution;
import io.firn.runtime.task.SinkTask;
import io.firn.runtime.task.SourceTask;
import io.firn.runtime.task.TransformTask;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Makes the tasks of a life and the channels between them.
 *
 * <pre>
 * keys kept, or one task:  source -- by key --> N x (transform + sink)
 * otherwise:               source -- in turn --> N x transform -- by new key, order kept --> N x sink
 * </pre>
 *
 * <p><b>Threading</b>: one thread.
 */
final class PipelineAssembly {
  private final Pipeline pipeline;
  private final PipelineOptions options;
  private final CheckpointStore store;
  private final NanoClock clock;
  private final PipelineListener listener;

  PipelineAssembly(
      Pipeline pipeline, CheckpointStore store, NanoClock clock, PipelineListener listener) {
    this.pipeline = pipeline;
    this.options = pipeline.options();
    this.store = store;
    this.clock = clock;
    this.listener = listener;
  }

  /**
   * @param stores one per keyed task; closed if this fails
   * @param stateRestored whether they hold what belongs to the starting point
   */
  PipelineLife assemble(
      long epoch,
      StartingPoint point,
      List<KeyedStateStore> stores,
      boolean stateRestored,
      StopCondition stop) {
    List<AutoCloseable> opened = new ArrayList<>(stores);
    try {
      List<SinkWriter> writers = new ArrayList<>();
      for (int task = 0; task < options.parallelism(); task++) {
        SinkWriter writer =
            pipeline
                .sink()
                .createWriter(context(epoch, point, task, stores.get(task), stateRestored));
        writers.add(writer);
        opened.add(0, writer);
      }
      SourceReader reader = pipeline.source().createReader(point.source());
      opened.add(0, reader);
      return connect(epoch, point, stores, writers, reader, stop);
    } catch (RuntimeException | Error e) {
      for (AutoCloseable resource : opened) {
        try {
          resource.close();
        } catch (Exception closing) {
          e.addSuppressed(closing);
        }
      }
      throw e;
    }
  }

  private WriterContext context(
      long epoch, StartingPoint point, int task, KeyedStateStore state, boolean restored) {
    return new WriterContext(
        options.pipelineId(),
        epoch,
        point.nextCheckpointId(),
        task,
        options.parallelism(),
        KeyGroups.rangeOf(task, options.parallelism()),
        state,
        restored);
  }

  private PipelineLife connect(
      long epoch,
      StartingPoint point,
      List<KeyedStateStore> stores,
      List<SinkWriter> writers,
      SourceReader reader,
      StopCondition stop) {
    CheckpointTrigger trigger = new CheckpointTrigger();
    CheckpointCoordinator coordinator =
        new CheckpointCoordinator(
            new CheckpointContext(
                options.pipelineId(),
                epoch,
                point.nextCheckpointId(),
                point.previousPosition(),
                point.previousCommitId(),
                options.parallelism(),
                options.checkpointInterval().toNanos()),
            store,
            pipeline.storage(),
            pipeline.sink().committer(),
            trigger,
            clock,
            listener::onCheckpointCompleted);
    int tasks = options.parallelism();
    boolean fused = tasks == 1 || pipeline.transform().preservesKeys();
    List<Channel> fromSource = channels(tasks);
    Outputs sourceOutputs = new Outputs(fromSource);
    Distribution distribution =
        fused
            ? new KeyedDistribution(sourceOutputs, options.batchRows())
            : new RoundRobinDistribution(sourceOutputs, options.batchRows());
    List<List<Channel>> byTransform = Stream.generate(() -> channels(tasks)).limit(tasks).toList();
    List<Task> keyed = new ArrayList<>();
    if (!fused) {
      for (int task = 0; task < tasks; task++) {
        keyed.add(
            new TransformTask(
                task,
                new OrderedInputs(List.of(fromSource.get(task))),
                pipeline.transform().create(),
                new Outputs(byTransform.get(task))));
      }
    }
    for (int task = 0; task < tasks; task++) {
      int sink = task;
      List<Channel> inputs =
          fused
              ? List.of(fromSource.get(task))
              : byTransform.stream().map(outputs -> outputs.get(sink)).toList();
      Optional<Transform> transform =
          fused ? Optional.of(pipeline.transform().create()) : Optional.empty();
      keyed.add(
          new SinkTask(
              task,
              new OrderedInputs(inputs),
              pipeline.transform() == Transform.IDENTITY ? Optional.empty() : transform,
              writers.get(task),
              stores.get(task),
              coordinator,
              point.nextCheckpointId()));
    }
    SourceTask source =
        new SourceTask(
            reader,
            point.source(),
            point.noBarrierBefore(),
            stop.position(),
            distribution,
            sourceOutputs,
            trigger,
            coordinator,
            listener);
    return new PipelineLife(epoch, source, keyed, coordinator);
  }

  private List<Channel> channels(int count) {
    return IntStream.range(0, count).mapToObj(i -> new Channel(options.channelLimits())).toList();
  }
}
