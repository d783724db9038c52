package io.firn.runtime.schedule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class StateMachineTest {
  private enum Light {
    RED,
    GREEN,
    BROKEN
  }

  private final StateMachine<Light> light =
      new StateMachine<>(
          "the light",
          Light.RED,
          Map.of(Light.RED, Set.of(Light.GREEN), Light.GREEN, Set.of(Light.RED, Light.BROKEN)));

  @Test
  void goesAlongTransitions() {
    light.become(Light.GREEN);
    light.become(Light.BROKEN);

    assertThat(light.state()).isEqualTo(Light.BROKEN);
  }

  @Test
  void illegalTransitionNamesBothStates() {
    assertThatThrownBy(() -> light.become(Light.BROKEN))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("the light")
        .hasMessageContaining("RED")
        .hasMessageContaining("BROKEN");
    assertThat(light.state()).isEqualTo(Light.RED);
  }
}
