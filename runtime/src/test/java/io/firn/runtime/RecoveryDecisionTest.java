package io.firn.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.firn.model.checkpoint.CheckpointMark;
import io.firn.model.error.InconsistentStateException;
import io.firn.model.schema.TableId;
import io.firn.model.sink.Sink.LakeState;
import io.firn.model.sink.TableState;
import io.firn.model.source.SourceState;
import io.firn.model.stream.SourcePosition;
import io.firn.runtime.checkpoint.CheckpointManifest;
import io.firn.runtime.checkpoint.CheckpointStore.DamagedManifest;
import io.firn.runtime.checkpoint.CheckpointStore.Loaded;
import io.firn.runtime.checkpoint.Manifests;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class RecoveryDecisionTest {
  private static final Optional<LakeState> NO_LAKE = Optional.empty();
  private static final List<DamagedManifest> WHOLE = List.of();
  private final RecoveryDecision decision = new RecoveryDecision("p", "'dir'");

  private static Optional<LakeState> lake(long id) {
    return lake(id, Manifests.state(100 * id), Manifests.state(100 * id));
  }

  private static Optional<LakeState> lake(long id, SourceState at, SourceState resume) {
    CheckpointMark mark = new CheckpointMark("p", 1, id, at, null);
    return Optional.of(new LakeState(mark, resume, 5, List.of()));
  }

  private static Loaded whole(long id) {
    return loaded(Optional.of(Manifests.manifest(1, id)), WHOLE);
  }

  private static Loaded loaded(
      Optional<CheckpointManifest> manifest, List<DamagedManifest> damaged) {
    return new Loaded(manifest, damaged, "newest", 1);
  }

  private static List<DamagedManifest> damaged(long id) {
    return List.of(new DamagedManifest("manifests/x", id, "its checksum does not match"));
  }

  @Test
  void nothingAnywhereIsAFreshStart() {
    StartingPoint point = decision.decide(NO_LAKE, loaded(Optional.empty(), WHOLE));

    assertThat(point.fresh()).isTrue();
    assertThat(point.source()).isEmpty();
    assertThat(point.nextCheckpointId()).isEqualTo(1);
    assertThat(point.previousPosition()).isNull();
  }

  @Test
  void manifestIsUsedWhenTheLakeIsAtItOrRightBeforeIt() {
    for (long lakeId : new long[] {8, 9}) {
      StartingPoint point = decision.decide(lake(lakeId), whole(9));

      assertThat(point.manifest()).isPresent();
      assertThat(point.nextCheckpointId()).isEqualTo(10);
      assertThat(point.previousPosition()).isEqualTo(Manifests.position(900));
      assertThat(point.previousCommitId()).isEqualTo(9);
      assertThat(point.noBarrierBefore()).isEmpty();
    }
  }

  @Test
  void firstManifestIsUsedWhenTheLakeHasNothingYet() {
    assertThat(decision.decide(NO_LAKE, whole(1)).manifest()).isPresent();
  }

  @Test
  void lakeAloneIsEnough() {
    StartingPoint point = decision.decide(lake(9), loaded(Optional.empty(), WHOLE));

    assertThat(point.fresh()).isFalse();
    assertThat(point.manifest()).isEmpty();
    assertThat(point.source()).contains(Manifests.state(900));
    assertThat(point.nextCheckpointId()).isEqualTo(10);
    assertThat(point.noBarrierBefore()).isEmpty();
  }

  @Test
  void noBarrierStandsBeforeThePlaceOfTheTableThatIsAhead() {
    StartingPoint point =
        decision.decide(
            lake(9, Manifests.state(900), Manifests.state(800)), loaded(Optional.empty(), WHOLE));

    assertThat(point.source()).contains(Manifests.state(800));
    assertThat(point.noBarrierBefore()).contains(Manifests.position(900));
  }

  @Test
  void snapshotThatStartsAgainMayBeCheckpointedAtOnce() {
    SourceState unfinished = new SourceState(SourcePosition.snapshot(7), false, "", Map.of());
    StartingPoint point =
        decision.decide(lake(2, Manifests.state(900), unfinished), loaded(Optional.empty(), WHOLE));

    assertThat(point.noBarrierBefore()).isEmpty();
  }

  @Test
  void lakeAheadOfTheManifestIsAnError() {
    assertThatThrownBy(() -> decision.decide(lake(10), whole(9)))
        .isInstanceOf(InconsistentStateException.class)
        .hasMessageContaining("checkpoint 10")
        .hasMessageContaining("restored backup");
  }

  @Test
  void sameNumberAtAnotherPositionIsAnError() {
    assertThatThrownBy(
            () -> decision.decide(lake(9, Manifests.state(905), Manifests.state(905)), whole(9)))
        .isInstanceOf(InconsistentStateException.class);
  }

  @Test
  void lakeBehindTheLastConfirmedCommitIsAnError() {
    assertThatThrownBy(() -> decision.decide(lake(7), whole(9)))
        .isInstanceOf(InconsistentStateException.class)
        .hasMessageContaining("rolled back");
    assertThatThrownBy(() -> decision.decide(NO_LAKE, whole(9)))
        .isInstanceOf(InconsistentStateException.class)
        .hasMessageContaining("no trace");
  }

  @Test
  void damagedManifestWithoutCommitsInTheLakeIsDecidedAnew() {
    StartingPoint point =
        decision.decide(lake(9), loaded(Optional.of(Manifests.manifest(1, 9)), damaged(10)));

    assertThat(point.manifest()).isPresent();
    assertThat(point.nextCheckpointId()).isEqualTo(10);
    assertThat(point.explanation()).contains("damaged");
  }

  @Test
  void damagedManifestWithCommitsInTheLakeMeansRecoveryFromTheLake() {
    StartingPoint point =
        decision.decide(lake(10), loaded(Optional.of(Manifests.manifest(1, 9)), damaged(10)));

    assertThat(point.manifest()).isEmpty();
    assertThat(point.source()).contains(Manifests.state(1000));
    assertThat(point.nextCheckpointId()).isEqualTo(11);
  }

  @Test
  void onlyDamagedManifestsAndNoLakeIsAFreshStartWithNewNumbers() {
    StartingPoint point = decision.decide(NO_LAKE, loaded(Optional.empty(), damaged(10)));

    assertThat(point.fresh()).isTrue();
    assertThat(point.nextCheckpointId()).isEqualTo(11);
  }

  private static final TableState ORDERS =
      new TableState(new TableId("lake", "orders"), "uuid-1", 0);
  private static final TableState ITEMS = new TableState(new TableId("lake", "items"), "uuid-2", 4);
  private static final TableState UNUSED = new TableState(new TableId("lake", "new"), "uuid-3", 0);

  private static Optional<LakeState> lakeWithTables(long id, TableState... tables) {
    LakeState state = lake(id).orElseThrow();
    return Optional.of(
        new LakeState(
            state.latest(), state.resumeFrom(), 5, state.incompleteTables(), List.of(tables)));
  }

  @Test
  void tablesWithRowsOrPromisedRowsMustBeThere() {
    CheckpointManifest manifest =
        Manifests.withTables(Manifests.manifest(1, 9), ORDERS, ITEMS, UNUSED);
    Loaded loaded = loaded(Optional.of(manifest), WHOLE);

    assertThat(RecoveryDecision.expectedTables(NO_LAKE, loaded)).containsExactly(ORDERS, ITEMS);
    assertThat(RecoveryDecision.expectedTables(lakeWithTables(9, UNUSED), loaded))
        .as("the manifest is as new as the lake")
        .containsExactly(ORDERS, ITEMS);
    assertThat(
            RecoveryDecision.expectedTables(
                lakeWithTables(10, ITEMS), loaded(Optional.of(manifest), damaged(10))))
        .as("the lake is newer")
        .containsExactly(ITEMS);
  }

  @Test
  void withoutAManifestTheLakeSaysWhichTablesThereMustBe() {
    assertThat(
            RecoveryDecision.expectedTables(
                lakeWithTables(9, ITEMS), loaded(Optional.empty(), WHOLE)))
        .containsExactly(ITEMS);
    assertThat(RecoveryDecision.expectedTables(NO_LAKE, loaded(Optional.empty(), WHOLE))).isEmpty();
  }

  @Test
  void aManifestThatDoesNotNoteTablesStillHasPromises() {
    assertThat(RecoveryDecision.expectedTables(lakeWithTables(8, ITEMS), whole(9)))
        .containsExactlyInAnyOrder(ITEMS, new TableState(ORDERS.table(), "", 0));
  }

  @Test
  void theCheckpointAfterAResumeReachesBackToWhereReadingGoesOn() {
    StartingPoint point =
        decision.decide(
            lake(9, Manifests.state(900), Manifests.state(800)), loaded(Optional.empty(), WHOLE));

    assertThat(point.previousPosition()).isEqualTo(Manifests.position(800));
  }
}
