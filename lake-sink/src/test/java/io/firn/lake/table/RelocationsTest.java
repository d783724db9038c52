package io.firn.lake.table;

import static org.assertj.core.api.Assertions.assertThat;

import io.firn.lake.index.RowLocation;
import io.firn.lake.table.Relocations.Move;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class RelocationsTest {
  private final Relocations relocations = new Relocations();

  private static Move to(long fileId, long offset, int... gone) {
    return new Move(fileId, offset, gone);
  }

  @Test
  void liveRowsCloseTheGapsOfDeletedOnes() {
    relocations.moved(9, Map.of(1L, to(9, 100, 0, 3)), false);
    assertThat(relocations.resolve(RowLocation.of(1, 0))).isEqualTo(RowLocation.NONE);
    assertThat(relocations.resolve(RowLocation.of(1, 1))).isEqualTo(RowLocation.of(9, 100));
    assertThat(relocations.resolve(RowLocation.of(1, 2))).isEqualTo(RowLocation.of(9, 101));
    assertThat(relocations.resolve(RowLocation.of(1, 3))).isEqualTo(RowLocation.NONE);
    assertThat(relocations.resolve(RowLocation.of(1, 4))).isEqualTo(RowLocation.of(9, 102));
    assertThat(relocations.resolve(RowLocation.of(2, 4))).isEqualTo(RowLocation.of(2, 4));
  }

  @Test
  void aFileThatIsRewrittenTwiceIsFollowed() {
    relocations.moved(9, Map.of(1L, to(9, 0)), true);
    relocations.moved(10, Map.of(9L, to(10, 50, 0)), false);
    assertThat(relocations.resolve(RowLocation.of(1, 3))).isEqualTo(RowLocation.of(10, 52));
    assertThat(relocations.pending()).containsExactly(10L);
  }

  @Test
  void oldPlacesAreForgottenOnceEveryTasksStateKnowsTheNewOnes() {
    relocations.join(2);
    relocations.moved(9, Map.of(1L, to(9, 0)), true);
    relocations.moved(10, Map.of(9L, to(10, 0)), false);
    Relocations.Target target = relocations.targets().get(0);
    target.done(0, 5);
    relocations.settle(9);
    assertThat(relocations.isMoved(1)).isTrue();
    target.done(1, 7);
    relocations.settle(6);
    assertThat(relocations.isMoved(1)).isTrue();
    relocations.settle(7);
    assertThat(relocations.isMoved(1)).isFalse();
    assertThat(relocations.isMoved(9)).isFalse();
    assertThat(relocations.pending()).isEmpty();
  }

  @Test
  void whatEarlierLivesLeftIsPendingUntilEveryTaskHasRepointed() {
    relocations.inherit(List.of(3L, 4L));
    relocations.join(2);
    relocations.ready(0, 8);
    relocations.settle(8);
    assertThat(relocations.isReady(8)).isFalse();
    assertThat(relocations.pending()).containsExactly(3L, 4L);
    relocations.ready(1, 8);
    relocations.ready(1, 9);
    relocations.settle(8);
    assertThat(relocations.isReady(8)).isTrue();
    assertThat(relocations.pending()).isEmpty();
  }

  @Test
  void aFileWithoutAnyRowLeftIsForgottenWithWhatLedThere() {
    relocations.moved(9, Map.of(1L, to(9, 0)), false);
    relocations.moved(10, Map.of(2L, to(10, 0)), true);
    relocations.forget(9);
    assertThat(relocations.isMoved(1)).isFalse();
    assertThat(relocations.isMoved(2)).isTrue();
    assertThat(relocations.targets()).isEmpty();
  }

  @Test
  void whatWaitsBecomesATargetWhenItMayWaitNoLonger() {
    relocations.moved(9, Map.of(1L, to(9, 0)), true);
    assertThat(relocations.deferred()).isEqualTo(1);
    relocations.deferNoLonger();
    assertThat(relocations.deferred()).isZero();
    assertThat(relocations.targets()).hasSize(1);
    assertThat(relocations.pending()).containsExactly(9L);
  }
}
