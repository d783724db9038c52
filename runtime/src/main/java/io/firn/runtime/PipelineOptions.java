package io.firn.runtime;

import io.firn.model.state.KeyGroups;
import io.firn.runtime.channel.ChannelLimits;
import io.firn.runtime.state.rocksdb.RocksOptions;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;

/**
 * The settings of a pipeline run.
 *
 * @param pipelineId names the pipeline in checkpoints and tables; never changes
 * @param parallelism number of keyed tasks
 * @param checkpointInterval from one checkpoint to the next
 * @param stateDirectory local working files of keyed state; may be lost between two starts
 * @param stateMemory limits of keyed state's memory
 * @param batchRows rows per batch between tasks
 * @param channelLimits what each channel holds at most
 * @param restartPolicy what to do after failures that may pass
 * @param stopTimeout how long a stop waits for the last checkpoint before it ends without one
 */
public record PipelineOptions(
    String pipelineId,
    int parallelism,
    Duration checkpointInterval,
    Path stateDirectory,
    RocksOptions stateMemory,
    int batchRows,
    ChannelLimits channelLimits,
    RestartPolicy restartPolicy,
    Duration stopTimeout) {

  /** Checks the ranges. */
  public PipelineOptions {
    Objects.requireNonNull(stateDirectory, "stateDirectory");
    if (pipelineId.isEmpty()) {
      throw new IllegalArgumentException("A pipeline needs an id");
    }
    if (parallelism < 1 || parallelism > KeyGroups.COUNT) {
      throw new IllegalArgumentException(
          "Parallelism must be 1 to " + KeyGroups.COUNT + ", not " + parallelism);
    }
    if (checkpointInterval.isNegative() || checkpointInterval.isZero() || batchRows < 1) {
      throw new IllegalArgumentException(
          "Bad checkpoint interval or batch size: " + checkpointInterval + ", " + batchRows);
    }
  }

  /** The defaults: one keyed task, a checkpoint every ten seconds, batches of 1024 rows. */
  public static PipelineOptions of(String pipelineId, Path stateDirectory) {
    return new PipelineOptions(
        pipelineId,
        1,
        Duration.ofSeconds(10),
        stateDirectory,
        RocksOptions.DEFAULT,
        1024,
        ChannelLimits.DEFAULT,
        RestartPolicy.DEFAULT,
        Duration.ofSeconds(60));
  }

  /** The same with another number of keyed tasks. */
  public PipelineOptions withParallelism(int tasks) {
    return new PipelineOptions(
        pipelineId,
        tasks,
        checkpointInterval,
        stateDirectory,
        stateMemory,
        batchRows,
        channelLimits,
        restartPolicy,
        stopTimeout);
  }

  /** The same with another checkpoint interval. */
  public PipelineOptions withCheckpointInterval(Duration interval) {
    return new PipelineOptions(
        pipelineId,
        parallelism,
        interval,
        stateDirectory,
        stateMemory,
        batchRows,
        channelLimits,
        restartPolicy,
        stopTimeout);
  }

  /** The same with other limits of keyed state's memory. */
  public PipelineOptions withStateMemory(RocksOptions memory) {
    return new PipelineOptions(
        pipelineId,
        parallelism,
        checkpointInterval,
        stateDirectory,
        memory,
        batchRows,
        channelLimits,
        restartPolicy,
        stopTimeout);
  }

  /** The same with other batches and channels. */
  public PipelineOptions withBatches(int rows, ChannelLimits limits) {
    return new PipelineOptions(
        pipelineId,
        parallelism,
        checkpointInterval,
        stateDirectory,
        stateMemory,
        rows,
        limits,
        restartPolicy,
        stopTimeout);
  }

  /** The same with another restart policy. */
  public PipelineOptions withRestartPolicy(RestartPolicy policy) {
    return new PipelineOptions(
        pipelineId,
        parallelism,
        checkpointInterval,
        stateDirectory,
        stateMemory,
        batchRows,
        channelLimits,
        policy,
        stopTimeout);
  }

  /** The same with another time limit for a stop. */
  public PipelineOptions withStopTimeout(Duration timeout) {
    return new PipelineOptions(
        pipelineId,
        parallelism,
        checkpointInterval,
        stateDirectory,
        stateMemory,
        batchRows,
        channelLimits,
        restartPolicy,
        timeout);
  }
}
