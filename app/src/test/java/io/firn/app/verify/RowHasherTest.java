package io.firn.app.verify;

import static org.assertj.core.api.Assertions.assertThat;

import io.firn.model.row.Row;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

class RowHasherTest {
  private final RowHasher hasher = new RowHasher();

  private Fingerprint hash(Object... values) {
    int[] all = new int[values.length];
    for (int i = 0; i < all.length; i++) {
      all[i] = i;
    }
    return hasher.hash(Row.of(values), all);
  }

  @Test
  void valuesThatAWideningKeepsEqualHaveTheSameFingerprint() {
    assertThat(hash(7)).isEqualTo(hash(7L));
    assertThat(hash(1.5f)).isEqualTo(hash(1.5d));
    assertThat(hash(new BigDecimal("1.50"))).isEqualTo(hash(new BigDecimal("1.500")));
    assertThat(hash(new BigDecimal("0.00"))).isEqualTo(hash(new BigDecimal("0")));
    assertThat(hash(new StringBuilder("é"))).isEqualTo(hash("é"));
  }

  @Test
  void differentRowsHaveDifferentFingerprints() {
    Set<Fingerprint> seen = new HashSet<>();
    seen.add(hash((Object) null));
    seen.add(hash(""));
    seen.add(hash("a"));
    seen.add(hash("a", ""));
    seen.add(hash("", "a"));
    seen.add(hash("A"));
    seen.add(hash("a "));
    seen.add(hash(0L));
    seen.add(hash(false));
    seen.add(hash(0.0));
    seen.add(hash(BigDecimal.ZERO));
    seen.add(hash(ByteBuffer.allocate(0)));
    seen.add(hash(ByteBuffer.allocate(1)));
    seen.add(hash(1L, null));
    seen.add(hash(null, 1L));
    assertThat(seen).hasSize(15);
    for (long i = 1; i < 10_000; i++) {
      assertThat(seen.add(hash(i))).isTrue();
    }
  }
}
