package io.firn.lake.index;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class SipHashTest {
  @Test
  void givesTheReferenceImplementationsResults() {
    SipHash hash = new SipHash(0x0706050403020100L, 0x0f0e0d0c0b0a0908L);
    hash.digest(new byte[0], 0);
    assertThat(hash.first).isEqualTo(0xe6a825ba047f81a3L);
    assertThat(hash.second).isEqualTo(0x930255c71472f66dL);
    hash.digest(new byte[] {77, 0}, 1);
    assertThat(hash.first).isEqualTo(0x44af996bd8c187daL);
    assertThat(hash.second).isEqualTo(0x45fc229b11597634L);
  }
}
