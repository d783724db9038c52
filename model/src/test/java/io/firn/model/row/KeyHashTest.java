package io.firn.model.row;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class KeyHashTest {
  @Test
  void aNumberHashesLikeTheRowWithIt() {
    for (long value : new long[] {0, 1, -1, 77, Integer.MIN_VALUE, 1L << 40, Long.MIN_VALUE}) {
      assertThat(KeyHash.ofNumber(value)).isEqualTo(KeyHash.of(Row.of(value), new int[] {0}));
    }
    assertThat(KeyHash.ofNumber(-5)).isEqualTo(KeyHash.of(Row.of(-5), new int[] {0}));
  }
}
