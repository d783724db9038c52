package io.firn.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.firn.model.error.CommitOutcomeUnknownException;
import io.firn.model.error.FencedException;
import io.firn.model.error.InconsistentStateException;
import io.firn.model.error.RetryableException;
import io.firn.model.error.UnsupportedChangeException;
import io.firn.model.transform.Transform;
import io.firn.runtime.PipelineListener.Phase;
import io.firn.runtime.checkpoint.LocalCheckpointStorage;
import io.firn.runtime.fake.FakeDatabase;
import io.firn.runtime.fake.FakeLake;
import io.firn.runtime.fake.FakeSource;
import io.firn.runtime.fake.RecordingListener;
import io.firn.runtime.fake.RekeyByOwner;
import io.firn.runtime.fake.ScriptedSink;
import io.firn.runtime.schedule.NanoClock;
import io.firn.runtime.state.rocksdb.RocksOptions;
import io.firn.runtime.state.rocksdb.RocksStateBackend;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Pipelines on real threads, with RocksDB and a checkpoint directory. */
@Timeout(60)
class PipelineRunnerTest {
  @TempDir Path directory;
  private final FakeDatabase database = new FakeDatabase(new Random(5), 20, 400);
  private final FakeLake lake = new FakeLake();
  private final FakeSource source = new FakeSource(database, new Random(6));
  private ScriptedSink sink = new ScriptedSink(lake);
  private RecordingListener listener = new RecordingListener();
  private PipelineOptions options;
  private Transform.Factory transform = Transform.IDENTITY;

  private PipelineOptions options() {
    if (options == null) {
      options =
          PipelineOptions.of("p", directory.resolve("state"))
              .withParallelism(2)
              .withCheckpointInterval(Duration.ofMillis(20))
              .withStateMemory(new RocksOptions(4 << 20, 4 << 20))
              .withRestartPolicy(new RestartPolicy(3, Duration.ofMillis(1), Duration.ofMillis(5)));
    }
    return options;
  }

  private PipelineRunner runner() {
    return new PipelineRunner(
        new Pipeline(
            options(),
            source,
            transform,
            sink,
            new LocalCheckpointStorage(directory.resolve("checkpoints")),
            listener));
  }

  private PipelineSummary runToEnd() {
    return runner().run(StopCondition.untilPosition(database.end()));
  }

  private void freshProcess() {
    sink = new ScriptedSink(lake);
    listener = new RecordingListener();
  }

  private void assertComplete() {
    assertThat(lake.visibleOrders())
        .isEqualTo(
            transform == Transform.IDENTITY ? database.expectedById() : database.expectedByOwner());
    assertThat(lake.sortedEvents()).isEqualTo(database.expectedEvents());
    lake.commits.values().forEach(ids -> assertThat(ids).isSorted().doesNotHaveDuplicates());
  }

  private static void waitFor(BooleanSupplier condition) throws InterruptedException {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
    while (!condition.getAsBoolean()) {
      assertThat(System.nanoTime()).as("timeout").isLessThan(deadline);
      Thread.sleep(2);
    }
  }

  private static void deleteTree(Path path) throws IOException {
    try (Stream<Path> walk = Files.walk(path)) {
      for (Path p : walk.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(p);
      }
    }
  }

  @Test
  void runsToTheEndAndCommitsEverything() {
    PipelineSummary summary = runToEnd();

    assertComplete();
    assertThat(summary.clean()).isTrue();
    assertThat(summary.restarts()).isZero();
    assertThat(summary.source().orElseThrow().position()).isEqualTo(database.end());
    assertThat(summary.checkpoints()).isEqualTo(listener.checkpoints.size()).isPositive();
    long rows =
        database.snapshot.size() + database.transactions.stream().mapToLong(List::size).sum();
    assertThat(listener.rows).hasValue(rows);
    assertThat(listener.checkpoints.stream().mapToLong(c -> c.rows()).sum()).isEqualTo(rows);
    assertThat(listener.reading).containsExactly(true, false);
    assertThat(listener.phases).containsExactly(Phase.RECOVERING, Phase.RUNNING, Phase.ENDED);
    assertThat(sink.closed).isTrue();
  }

  @Test
  void changedKeysKeepTheirOrderAcrossTasks() {
    transform = new RekeyByOwner();
    options =
        options().withParallelism(4).withBatches(3, io.firn.runtime.channel.ChannelLimits.DEFAULT);
    runToEnd();

    assertComplete();
  }

  @Test
  void sameTablesAtAnyParallelismAndAfterRescaling() {
    int[] parallelism = {1, 2, 4, 1};
    for (int i = 0; i < parallelism.length; i++) {
      freshProcess();
      options = options().withParallelism(parallelism[i]);
      runner().run(StopCondition.untilPosition(database.positionOf(100 * (i + 1))));
      assertThat(sink.stateRestored).containsOnly(i > 0);
      assertThat(listener.rebuilds).isEmpty();
    }
    assertComplete();
  }

  @Test
  void runAtTheEndDoesNothing() {
    runToEnd();
    List<Long> before = List.copyOf(lake.commits.get(FakeDatabase.ORDERS));
    freshProcess();
    PipelineSummary summary = runToEnd();

    assertThat(summary.clean()).isTrue();
    assertThat(summary.checkpoints()).isZero();
    assertThat(lake.commits.get(FakeDatabase.ORDERS)).isEqualTo(before);
  }

  @Test
  void stopTakesALastCheckpoint() throws Exception {
    source.showUntil(200);
    options = options().withCheckpointInterval(Duration.ofHours(1));
    PipelineRunner runner = runner();
    CompletableFuture<PipelineSummary> run =
        CompletableFuture.supplyAsync(() -> runner.run(StopCondition.UNTIL_STOPPED));
    long rows =
        database.snapshot.size()
            + database.transactions.subList(0, 200).stream().mapToLong(List::size).sum();
    waitFor(() -> listener.rows.get() == rows);
    assertThat(listener.checkpoints).isEmpty();
    assertThat(runner.taskTimes()).hasSize(4);
    runner.stop();

    PipelineSummary summary = run.get(30, TimeUnit.SECONDS);
    assertThat(summary.clean()).isTrue();
    assertThat(summary.source().orElseThrow().position()).isEqualTo(database.positionOf(200));
    assertThat(listener.phases).contains(Phase.STOPPING);

    source.showUntil(400);
    freshProcess();
    runToEnd();
    assertComplete();
  }

  @Test
  void stopGivesUpAfterItsTime() throws Exception {
    options = options().withStopTimeout(Duration.ofMillis(50));
    sink.holdCommits = new CountDownLatch(1);
    PipelineRunner runner = runner();
    CompletableFuture<PipelineSummary> run =
        CompletableFuture.supplyAsync(() -> runner.run(StopCondition.UNTIL_STOPPED));
    waitFor(() -> listener.rows.get() > 0);
    runner.stop();
    waitFor(() -> listener.phases.contains(Phase.STOPPING));
    Thread.sleep(100);
    sink.holdCommits.countDown();

    assertThat(run.get(30, TimeUnit.SECONDS).clean()).isFalse();
    freshProcess();
    runToEnd();
    assertComplete();
  }

  @Test
  void retryableFailuresRestartFromTheLastCheckpoint() {
    sink.commitFailures.add(new RetryableException("catalog away"));
    sink.commitFailures.add(new RetryableException("catalog away"));
    source.failure = new RetryableException("connection lost");
    PipelineSummary summary = runToEnd();

    assertThat(summary.restarts()).isEqualTo(3);
    assertThat(listener.restarts).hasSize(3);
    assertThat(listener.phases).contains(Phase.WAITING_TO_RESTART);
    assertComplete();
  }

  @Test
  void unknownOutcomeOfACommitIsFoundOutByRecovery() {
    sink.lateCommitFailures.add(new CommitOutcomeUnknownException("reply lost"));
    sink.commitFailures.add(new CommitOutcomeUnknownException("reply lost, not landed"));
    runToEnd();

    assertThat(listener.restarts).hasSize(2);
    assertComplete();
  }

  @Test
  void attemptsAreLimited() {
    for (int i = 0; i < 10; i++) {
      sink.commitFailures.add(new RetryableException("catalog away " + i));
    }

    assertThatThrownBy(this::runToEnd)
        .isInstanceOf(RetryableException.class)
        .hasMessage("catalog away 3");
    assertThat(listener.restarts).hasSize(3);
    assertThat(listener.phases).endsWith(Phase.ENDED);
    assertThat(sink.closed).isTrue();
  }

  @Test
  void stopEndsTheWaitForARestart() throws Exception {
    options =
        options().withRestartPolicy(new RestartPolicy(3, Duration.ofHours(1), Duration.ofHours(1)));
    source.failure = new RetryableException("connection lost");
    PipelineRunner runner = runner();
    CompletableFuture<PipelineSummary> run =
        CompletableFuture.supplyAsync(() -> runner.run(StopCondition.UNTIL_STOPPED));
    waitFor(() -> !listener.restarts.isEmpty());
    runner.stop();

    assertThat(run.get(30, TimeUnit.SECONDS).clean()).isFalse();
  }

  @Test
  void otherFailuresEndThePipeline() {
    source.failure = new UnsupportedChangeException("DDL that cannot be mirrored");

    assertThatThrownBy(this::runToEnd).isInstanceOf(UnsupportedChangeException.class);
    assertThat(listener.restarts).isEmpty();
    freshProcess();
    runToEnd();
    assertComplete();
  }

  @Test
  void outOfMemoryErrorPropagates() {
    sink.commitFailures.add(new OutOfMemoryError("simulated"));

    assertThatThrownBy(this::runToEnd).isInstanceOf(OutOfMemoryError.class);
    assertThat(listener.restarts).isEmpty();
  }

  @Test
  void secondInstanceFencesTheFirst() throws Exception {
    source.showUntil(150);
    PipelineRunner first = runner();
    CompletableFuture<PipelineSummary> run =
        CompletableFuture.supplyAsync(() -> first.run(StopCondition.UNTIL_STOPPED));
    waitFor(() -> !listener.checkpoints.isEmpty());
    ScriptedSink firstSink = sink;

    freshProcess();
    FakeSource second = new FakeSource(database, new Random(8));
    new PipelineRunner(
            new Pipeline(
                options(),
                second,
                transform,
                sink,
                new LocalCheckpointStorage(directory.resolve("checkpoints")),
                listener))
        .run(StopCondition.untilPosition(database.end()));
    source.showUntil(400);

    assertThatThrownBy(() -> run.get(30, TimeUnit.SECONDS))
        .cause()
        .isInstanceOf(FencedException.class);
    assertThat(firstSink.closed).isTrue();
    assertComplete();
  }

  @Test
  void lostStateDirectoryDoesNotMatter() throws Exception {
    runner().run(StopCondition.untilPosition(database.positionOf(200)));
    deleteTree(directory.resolve("state"));
    freshProcess();
    runToEnd();

    assertThat(sink.stateRestored).containsOnly(true);
    assertComplete();
  }

  @Test
  void damagedStateIsRebuiltFromTheTables() throws Exception {
    runner().run(StopCondition.untilPosition(database.positionOf(200)));
    Path file;
    try (Stream<Path> walk = Files.walk(directory.resolve("checkpoints/state"))) {
      file = walk.filter(p -> p.toString().endsWith(".sst")).findFirst().orElseThrow();
    }
    byte[] content = Files.readAllBytes(file);
    Files.delete(file);
    Files.write(file, java.util.Arrays.copyOf(content, content.length / 2));
    freshProcess();
    runToEnd();

    assertThat(sink.stateRestored).containsOnly(false);
    assertThat(listener.rebuilds).singleElement().asString().contains(".sst").contains("damaged");
    assertComplete();
  }

  @Test
  void lostCheckpointDirectoryIsRecoveredFromTheTables() throws Exception {
    runner().run(StopCondition.untilPosition(database.positionOf(200)));
    deleteTree(directory.resolve("checkpoints"));
    freshProcess();
    runToEnd();

    assertThat(listener.recoveries).singleElement().asString().contains("from the tables");
    assertThat(listener.rebuilds).hasSize(1);
    assertComplete();
  }

  @Test
  void restoredBackupOfTheCheckpointDirectoryIsRefused() throws Exception {
    runner().run(StopCondition.untilPosition(database.positionOf(100)));
    Path checkpoints = directory.resolve("checkpoints");
    Path backup = directory.resolve("backup");
    copyTree(checkpoints, backup);
    freshProcess();
    runner().run(StopCondition.untilPosition(database.positionOf(200)));
    deleteTree(checkpoints);
    Files.move(backup, checkpoints);
    freshProcess();

    assertThatThrownBy(this::runToEnd)
        .isInstanceOf(InconsistentStateException.class)
        .hasMessageContaining("restored backup");
  }

  private static void copyTree(Path from, Path to) throws IOException {
    try (Stream<Path> walk = Files.walk(from)) {
      for (Path p : walk.toList()) {
        Files.copy(p, to.resolve(from.relativize(p)));
      }
    }
  }

  @Test
  void nothingIsClosedUnderAThreadThatDoesNotEnd() throws Exception {
    CountDownLatch hold = new CountDownLatch(1);
    sink.holdCommits = hold;
    sink.ignoreInterrupts = true;
    options = options().withStopTimeout(Duration.ofMillis(50));
    PipelineRunner runner =
        new PipelineRunner(
            new Pipeline(
                options,
                source,
                transform,
                sink,
                new LocalCheckpointStorage(directory.resolve("checkpoints")),
                listener),
            new RocksStateBackend(options.stateDirectory(), options.stateMemory()),
            NanoClock.SYSTEM,
            200);
    CompletableFuture<PipelineSummary> run =
        CompletableFuture.supplyAsync(() -> runner.run(StopCondition.UNTIL_STOPPED));
    waitFor(() -> sink.commitHangs);
    runner.stop();

    assertThatThrownBy(run::join).hasMessageContaining("Cannot end the pipeline's threads");
    assertThat(sink.closed).as("closed under a running thread").isFalse();
    hold.countDown();
  }
}
