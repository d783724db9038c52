package io.firn.runtime.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.firn.model.checkpoint.CheckpointMark;
import io.firn.model.checkpoint.CheckpointStorage;
import io.firn.model.error.FencedException;
import io.firn.model.error.RetryableException;
import io.firn.model.schema.TableId;
import io.firn.model.sink.Committer;
import io.firn.model.sink.SinkWriter.Committable;
import io.firn.model.stream.Barrier;
import io.firn.runtime.checkpoint.CheckpointCoordinator.State;
import io.firn.runtime.fake.FakeClock;
import io.firn.runtime.fake.MemoryCheckpointStorage;
import io.firn.runtime.schedule.Progress;
import io.firn.runtime.state.StateFile;
import io.firn.runtime.state.StateSnapshot;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class CheckpointCoordinatorTest {
  private static final TableId TABLE = new TableId("lake", "orders");
  private static final long INTERVAL = 1000;

  private final List<String> events = new ArrayList<>();
  private final List<CheckpointReport> reports = new ArrayList<>();
  private final MemoryCheckpointStorage storage = new MemoryCheckpointStorage();
  private final CheckpointStore store = new CheckpointStore("p", storage);
  private final long epoch = store.nextEpoch(0);
  private final CheckpointTrigger trigger = new CheckpointTrigger();
  private final FakeClock clock = new FakeClock();
  private RuntimeException prepareFailure;
  private final CheckpointCoordinator coordinator =
      new CheckpointCoordinator(
          new CheckpointContext("p", epoch, 7, Manifests.position(600), 6, 2, INTERVAL),
          store,
          storage,
          new Recorder(),
          trigger,
          clock,
          reports::add);

  private final class Recorder implements Committer {
    @Override
    public List<TableCommit> prepare(CheckpointMark checkpoint, List<Committable> committables) {
      if (prepareFailure != null) {
        throw prepareFailure;
      }
      events.add("prepare " + checkpoint.checkpointId() + " of " + committables);
      return List.of(new TableCommit(TABLE, 1, new byte[] {1}));
    }

    @Override
    public void commit(CheckpointMark checkpoint, List<TableCommit> commits) {
      events.add("commit " + checkpoint.checkpointId() + " after " + checkpoint.previousPosition());
      assertThat(store.load().manifest().orElseThrow().checkpointId())
          .as("published first")
          .isEqualTo(checkpoint.checkpointId());
    }
  }

  private record Part(String name) implements Committable {
    @Override
    public TableId table() {
      return TABLE;
    }

    @Override
    public String toString() {
      return name;
    }
  }

  private final class Snapshot implements StateSnapshot {
    private final int subtask;

    Snapshot(int subtask) {
      this.subtask = subtask;
    }

    @Override
    public List<StateFile> store(CheckpointStorage target) {
      events.add("store " + subtask);
      return List.of();
    }

    @Override
    public void close() {
      events.add("release " + subtask);
    }
  }

  private void acknowledge(long id, int subtask, String... parts) {
    List<Committable> committables = new ArrayList<>();
    for (String part : parts) {
      committables.add(new Part(part));
    }
    coordinator.acknowledge(new CheckpointAck(id, subtask, committables, new Snapshot(subtask)));
  }

  private void requestNext() {
    clock.advance(INTERVAL);
    assertThat(coordinator.step()).isEqualTo(Progress.PROGRESSED);
    trigger.answered();
  }

  private void stepUntil(State state) {
    for (int i = 0; i < 20 && coordinator.state() != state; i++) {
      coordinator.step();
    }
    assertThat(coordinator.state()).isEqualTo(state);
  }

  @Test
  void checkpointIsRequestedWhenTheIntervalIsOver() {
    assertThat(coordinator.step()).isEqualTo(Progress.IDLE);
    clock.advance(INTERVAL - 1);
    assertThat(coordinator.step()).isEqualTo(Progress.IDLE);
    assertThat(trigger.pending()).isNull();
    clock.advance(1);
    coordinator.step();

    assertThat(trigger.pending()).isEqualTo(new CheckpointRequest(7, false));
  }

  @Test
  void phasesFollowEachOtherAndCommitComesAfterThePublication() {
    requestNext();
    coordinator.barrierPlaced(new Barrier(7, Manifests.state(700)), 12);
    acknowledge(7, 1, "b");
    assertThat(coordinator.step()).isEqualTo(Progress.IDLE);
    acknowledge(7, 0, "a");
    stepUntil(State.IDLE);

    assertThat(events)
        .containsExactly(
            "prepare 7 of [a, b]",
            "store 0",
            "store 1",
            "commit 7 after " + Manifests.position(600),
            "release 0",
            "release 1");
    CheckpointManifest manifest = store.load().manifest().orElseThrow();
    assertThat(manifest.previousCommitId()).isEqualTo(6);
    assertThat(manifest.lastCommitId()).isEqualTo(7);
    assertThat(reports).singleElement().extracting(CheckpointReport::rows).isEqualTo(12L);
  }

  @Test
  void nextCheckpointIsRequestedOnlyAfterTheCommit() {
    requestNext();
    coordinator.barrierPlaced(new Barrier(7, Manifests.state(700)), 1);
    acknowledge(7, 0, "a");
    acknowledge(7, 1);
    clock.advance(10 * INTERVAL);
    stepUntil(State.COMMITTING);
    assertThat(trigger.pending()).isNull();
    stepUntil(State.IDLE);
    coordinator.step();

    assertThat(trigger.pending()).isEqualTo(new CheckpointRequest(8, false));
  }

  @Test
  void emptyCheckpointIsPublishedWithoutCommits() {
    requestNext();
    coordinator.barrierPlaced(new Barrier(7, Manifests.state(700)), 0);
    acknowledge(7, 0);
    acknowledge(7, 1);
    stepUntil(State.IDLE);

    assertThat(events).containsExactly("store 0", "store 1", "release 0", "release 1");
    CheckpointManifest manifest = store.load().manifest().orElseThrow();
    assertThat(manifest.commits()).isEmpty();
    assertThat(manifest.lastCommitId()).isEqualTo(6);
  }

  @Test
  void declinedCheckpointLeavesNothingAndItsNumberIsUsedAgain() {
    requestNext();
    coordinator.declined(7);
    stepUntil(State.IDLE);
    requestNext();
    coordinator.barrierPlaced(new Barrier(7, Manifests.state(700)), 0);
    acknowledge(7, 0);
    acknowledge(7, 1);
    stepUntil(State.IDLE);

    assertThat(store.load().manifest().orElseThrow().checkpointId()).isEqualTo(7);
  }

  @Test
  void newerEpochStopsBeforeThePublication() {
    requestNext();
    coordinator.barrierPlaced(new Barrier(7, Manifests.state(700)), 0);
    acknowledge(7, 0, "a");
    acknowledge(7, 1);
    stepUntil(State.CHECKING_EPOCH);
    store.nextEpoch(0);

    assertThatThrownBy(coordinator::step).isInstanceOf(FencedException.class);
    assertThat(store.load().manifest()).isEmpty();
    assertThat(events).noneMatch(event -> event.startsWith("commit"));
  }

  @Test
  void failureToPreparePublishesNothing() {
    prepareFailure = new RetryableException("no space");
    requestNext();
    coordinator.barrierPlaced(new Barrier(7, Manifests.state(700)), 0);
    acknowledge(7, 0, "a");
    acknowledge(7, 1);

    assertThatThrownBy(() -> stepUntil(State.IDLE)).isInstanceOf(RetryableException.class);
    assertThat(store.load().manifest()).isEmpty();
  }

  @Test
  void stopAsksForALastCheckpointAtOnceAndEnds() {
    coordinator.stop();
    coordinator.step();
    assertThat(trigger.pending()).isEqualTo(new CheckpointRequest(7, true));
    trigger.answered();
    coordinator.barrierPlaced(new Barrier(7, Manifests.state(700)), 0);
    acknowledge(7, 0, "a");
    acknowledge(7, 1);
    stepUntil(State.FINISHED);

    assertThat(coordinator.step()).isEqualTo(Progress.DONE);
    assertThat(reports).hasSize(1);
  }

  @Test
  void stopDuringACheckpointLetsItFinishFirst() {
    requestNext();
    coordinator.stop();
    coordinator.barrierPlaced(new Barrier(7, Manifests.state(700)), 0);
    acknowledge(7, 0, "a");
    acknowledge(7, 1);
    stepUntil(State.IDLE);
    coordinator.step();
    assertThat(trigger.pending()).isEqualTo(new CheckpointRequest(8, true));
    trigger.answered();
    coordinator.declined(8);
    stepUntil(State.FINISHED);

    assertThat(reports).hasSize(1);
  }

  @Test
  void acknowledgementOutOfTurnIsAnError() {
    requestNext();
    acknowledge(6, 0);

    assertThatThrownBy(coordinator::step)
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("6")
        .hasMessageContaining("7");
  }
}
