package io.firn.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class RestartPolicyTest {
  @Test
  void delaysDoubleUpToTheLongest() {
    RestartPolicy policy = new RestartPolicy(10, Duration.ofSeconds(1), Duration.ofSeconds(5));

    assertThat(policy.delayBefore(1)).isEqualTo(Duration.ofSeconds(1));
    assertThat(policy.delayBefore(3)).isEqualTo(Duration.ofSeconds(4));
    assertThat(policy.delayBefore(4)).isEqualTo(Duration.ofSeconds(5));
    assertThat(policy.delayBefore(1000)).isEqualTo(Duration.ofSeconds(5));
  }
}
