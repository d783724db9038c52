package io.firn.it.soak;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.function.IntUnaryOperator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** The soak's judgement: what grows is seen, what only varies is not. */
class GrowthTest {
  private static List<Sample> samples(IntUnaryOperator threads) {
    return IntStream.range(0, 100)
        .mapToObj(
            i ->
                new Sample(
                    i * 10L,
                    1,
                    i,
                    200,
                    i % 6 == 0 ? 50 : Double.NaN,
                    threads.applyAsInt(i),
                    100,
                    20,
                    30,
                    2))
        .toList();
  }

  @Test
  void aThreadThatIsLeftBehindEveryTwoMinutesIsSeen() {
    Growth growth = new Growth(samples(i -> 30 + i / 12)).thirds("threads", Sample::threads, 0, 3);
    assertThat(growth.violations()).singleElement().asString().startsWith("threads grew from");
  }

  @Test
  void warmUpAndChangesToAndFroAreNotGrowth() {
    Growth growth =
        new Growth(samples(i -> i < 15 ? 10 : 30 + i % 5))
            .thirds("threads", Sample::threads, 0, 3)
            .thirds("heap", Sample::heapMib, 0, 1);
    assertThat(growth.violations()).isEmpty();
  }

  @Test
  void anOldProcessMayNotHoldMoreThanANewOne() {
    assertThat(new Growth(samples(i -> 1)).newborn("heap", 61, 50, 0.2, 0).violations()).hasSize(1);
    assertThat(new Growth(samples(i -> 1)).newborn("heap", 59, 50, 0.2, 0).violations()).isEmpty();
  }

  @Test
  void aCacheMayFillButNotOverflow() {
    List<Sample> filling = samples(i -> 100 + Math.min(i * 2, 128));
    List<Sample> leaking = samples(i -> 100 + i * 2);
    assertThat(new Growth(filling).withinBudget("native", Sample::threads, 128, 0, 0).violations())
        .isEmpty();
    assertThat(new Growth(leaking).withinBudget("native", Sample::threads, 40, 0, 0).violations())
        .hasSize(1);
  }

  @Test
  void everyFaultComesBeforeAnyComesAgain() {
    Bag<SteadyDisturber.Fault> bag =
        new Bag<>(List.of(SteadyDisturber.Fault.values()), new SplittableRandom(1));
    for (int round = 0; round < 3; round++) {
      Set<SteadyDisturber.Fault> drawn = EnumSet.noneOf(SteadyDisturber.Fault.class);
      for (int i = 0; i < SteadyDisturber.Fault.values().length; i++) {
        drawn.add(bag.draw());
      }
      assertThat(drawn).containsExactlyInAnyOrder(SteadyDisturber.Fault.values());
    }
  }
}
