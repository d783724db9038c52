package io.firn.lake.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.firn.lake.guard.Marker;
import io.firn.lake.guard.SourceSchema;
import io.firn.lake.guard.TableMark;
import io.firn.lake.kit.Marks;
import io.firn.model.error.InconsistentStateException;
import io.firn.model.schema.TableId;
import io.firn.model.sink.Sink.LakeState;
import io.firn.model.stream.SourcePosition;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class LakeStatesTest {
  private static final TableId A = new TableId("db", "a");
  private static final TableId B = new TableId("db", "b");
  private static final TableId C = new TableId("db", "c");

  private static Marker marker(long epoch, long id, TableId... tables) {
    return Marker.of(Marks.mark(epoch, id), List.of(tables));
  }

  private static TableMark mark(long epoch, Marker newest) {
    return new TableMark("shop", epoch, "me", Optional.ofNullable(newest), Map.of());
  }

  @Test
  void nothingIsRememberedWithoutTables() {
    assertThat(LakeStates.of(Map.of())).isEmpty();
  }

  @Test
  void tablesWithoutACommitRememberTheirEpoch() {
    LakeState state = LakeStates.of(Map.of(A, mark(4, null))).orElseThrow();
    assertThat(state.latest()).isNull();
    assertThat(state.maxEpoch()).isEqualTo(4);
  }

  @Test
  void theNewestCheckpointCountsWhenAllItsTablesHaveIt() {
    LakeState state =
        LakeStates.of(
                Map.of(
                    A, mark(3, marker(2, 9, A, B)),
                    B, mark(3, marker(2, 9, A, B)),
                    C, mark(3, marker(1, 4, C))))
            .orElseThrow();
    assertThat(state.latest().checkpointId()).isEqualTo(9);
    assertThat(state.incompleteTables()).isEmpty();
    assertThat(state.resumeFrom().position()).isEqualTo(Marks.position(9));
    assertThat(state.resumeFrom().snapshotCompleted()).isTrue();
    assertThat(state.maxEpoch()).isEqualTo(3);
  }

  @Test
  void aMissingCommitTakesReadingBackToTheCheckpointBefore() {
    TableMark ahead = mark(3, marker(2, 9, A, B));
    TableMark behind = mark(3, marker(2, 8, B, C));
    TableMark between = mark(3, marker(2, 8, B, C));
    LakeState state = LakeStates.of(Map.of(A, ahead, B, behind, C, between)).orElseThrow();
    assertThat(state.incompleteTables()).containsExactly(B);
    assertThat(state.resumeFrom().position()).isEqualTo(Marks.position(8));
    assertThat(LakeStates.committedPosition(state, ahead)).isEqualTo(Marks.position(9));
    assertThat(LakeStates.committedPosition(state, behind)).isNull();
    assertThat(LakeStates.committedPosition(state, between)).isNull();
  }

  @Test
  void aTableThatWasDroppedIsIncomplete() {
    LakeState state = LakeStates.of(Map.of(A, mark(3, marker(2, 9, A, B)))).orElseThrow();
    assertThat(state.incompleteTables()).containsExactly(B);
  }

  @Test
  void anUnfinishedSnapshotStartsAgainAndNothingIsIgnored() {
    Marker unfinished = Marker.of(Marks.mark(1, 2, false, Map.of()), List.of(A, B));
    LakeState complete =
        LakeStates.of(Map.of(A, mark(1, unfinished), B, mark(1, unfinished))).orElseThrow();
    assertThat(complete.resumeFrom().snapshotCompleted()).isFalse();
    Marker first =
        new Marker(
            "shop", 1, 5, Marks.position(5), true, SourcePosition.snapshot(7), List.of(A, B));
    LakeState incomplete = LakeStates.of(Map.of(A, mark(1, first))).orElseThrow();
    assertThat(incomplete.resumeFrom().snapshotCompleted())
        .as("the checkpoint before it lay inside the snapshot")
        .isFalse();
    assertThat(LakeStates.committedPosition(incomplete, mark(1, first))).isNull();
  }

  @Test
  void theSameNumberFromTwoLivesIsAContradiction() {
    assertThatThrownBy(
            () -> LakeStates.of(Map.of(A, mark(3, marker(2, 9, A)), B, mark(3, marker(3, 9, B)))))
        .isInstanceOf(InconsistentStateException.class)
        .hasMessageContaining("epoch 2")
        .hasMessageContaining("epoch 3");
  }

  @Test
  void descriptionsAreThoseOfThePlaceWhereReadingGoesOn() {
    SourceSchema schema = new SourceSchema(A, "new", Marks.position(8).encode(), "old");
    TableMark ahead =
        new TableMark("shop", 3, "me", Optional.of(marker(2, 9, A, B)), Map.of(A, schema));
    LakeState incomplete =
        LakeStates.of(Map.of(A, ahead, B, mark(3, marker(2, 8, B)))).orElseThrow();
    assertThat(incomplete.resumeFrom().tableSchemas()).containsEntry(A, "old");
    assertThat(incomplete.latest().source().tableSchemas()).containsEntry(A, "new");
    LakeState complete =
        LakeStates.of(Map.of(A, ahead, B, mark(3, marker(2, 9, A, B)))).orElseThrow();
    assertThat(complete.resumeFrom().tableSchemas()).containsEntry(A, "new");
  }
}
